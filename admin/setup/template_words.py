"""What pages say of own templates: why one was refused, what is missing, and what the samples are called."""

from collections.abc import Mapping
from typing import Final

from documents import LARGEST_SOURCE, Reason, TemplateError
from documents.trial import Fact, Sample, Tried
from language import SUPPORTED, Language
from language import gettext_noop as _
from web.speech import gettext, reader

_REASONS: Final[Mapping[Reason, str]] = {
    Reason.NOT_TEXT: _("This is no Typst file: it has no text that can be read as UTF-8."),
    Reason.NO_BODY: _("The template must define body(doc): what stands on the pages of a document."),
    Reason.FILE: _("A template can read no files: all it knows is what it is given."),
    Reason.PACKAGE: _("A template can use no packages, and cannot reach the network."),
    Reason.TOO_SLOW: _("It takes too long: perhaps a loop never ends."),
    Reason.TOO_MUCH_MEMORY: _("It needs too much memory."),
}
_SAMPLES: Final[Mapping[Sample, str]] = {
    Sample.ONE_LINE: _("One line"),
    Sample.MANY_LINES: _("Many lines, several pages"),
    Sample.LONG_NAMES: _("Very long names"),
    Sample.NOTHING_TO_PAY: _("Nothing to pay"),
    Sample.REMINDER: _("Reminder"),
    Sample.CREDIT_NOTE: _("Credit note"),
}
_FACTS: Final[Mapping[Fact, str]] = {
    Fact.REFERENCE: _("the reference that the payer quotes"),
    Fact.AMOUNT: _("the amount"),
    Fact.DUE_DAY: _("the day to pay by"),
    Fact.ACCOUNT: _("the account to pay to"),
    Fact.TAGS: _("tags for screen readers"),
    Fact.LANGUAGE: _("the language of the document"),
}
_NAMES: Final = {code: Language(code).locale.get_language_name(code) for code in SUPPORTED}


def kind(sample: Sample) -> str:
    """Return what a sample is called."""
    return reader().gettext(_SAMPLES[sample])


def sample(tried: Tried) -> str:
    """Return what was tried: which sample, in which language."""
    return f"{kind(tried.sample)}, {_NAMES[tried.language]}"


def wrong(tried: Tried) -> str:
    """Say what is wrong with a sample that did not hold."""
    if tried.fault is not None:
        return fault(tried.fault)
    missing = ", ".join(reader().gettext(_FACTS[one]) for one in tried.missing)
    return gettext(_("It does not show %(things)s as the data says it."), things=missing)


def fault(error: TemplateError) -> str:
    """Say why a template was refused, and in which line; the compiler's own words stay as they are."""
    if error.reason is Reason.TOO_LARGE:
        return gettext(_("The file is larger than %(size)s kB."), size=reader().number(LARGEST_SOURCE // 1000))
    said = reader().gettext(_REASONS[error.reason]) if error.reason in _REASONS else error.said
    return gettext(_("Line %(line)s: %(fault)s"), line=error.line, fault=said) if error.line else said
