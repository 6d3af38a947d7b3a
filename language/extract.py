"""Keep the catalogues in step with the source: `python -m language.extract`."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

from language import catalogues

# Beside Babel's own: texts that are marked where they stand and translated where the reader is known; `pgettext_noop`
# is called `_p` there, as `gettext_noop` is called `_`.
_KEYWORDS: Final = {**DEFAULT_KEYWORDS, "gettext_noop": None, "_p": ((1, "c"), 2)}
_COMMENT: Final = "Translators:"
# Header lines that change from run to run or from machine to machine, or say nothing: they only make conflicts.
_LEFT_OUT: Final = (
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Last-Translator',
    b'"Language-Team',
    b'"Generated-By',
    b'"Project-Id-Version',
    b'"Report-Msgid-Bugs-To',
)


def template() -> Catalog:
    """Return every text that the source marks for translation, by the rules of babel.cfg."""
    with (catalogues.ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, filename="babel.cfg")  # type: ignore[no-untyped-call]  # Babel's
    found = Catalog(project="Kontingent", fuzzy=False)
    for name, _line, message, comments, context in extract_from_dir(
        catalogues.ROOT, methods, options, _KEYWORDS, [_COMMENT], strip_comment_tags=True
    ):
        found.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return found


def updated(locale: str, source: Catalog, *, prune: bool = False) -> bytes:
    """Return the catalogue of `locale` as a file: what `source` has, with the translations that exist.

    Texts the source no longer has stay as comments, for whoever moves a sentence, unless `prune` drops them.
    """
    catalogue = catalogues.read(locale)
    catalogue.update(source, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.header_comment = f"# Kontingent in {catalogue.locale.english_name if catalogue.locale else locale}."
    catalogue.fuzzy = False
    file = BytesIO()
    write_po(file, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=prune)
    return b"".join(line for line in file.getvalue().splitlines(keepends=True) if not line.startswith(_LEFT_OUT))


def _report() -> Iterator[str]:
    for locale in catalogues.TRANSLATED:
        for fault in catalogues.faults(catalogues.read(locale)):
            yield f"{locale}: {fault}"


@click.command()
@click.option("--prune", is_flag=True, help="Drop texts that the source no longer has.")
def main(*, prune: bool) -> None:
    """Bring the four catalogues in step with the source and list what still needs a translator."""
    source = template()
    for locale in catalogues.TRANSLATED:
        catalogues.path(locale).parent.mkdir(parents=True, exist_ok=True)
        catalogues.path(locale).write_bytes(updated(locale, source, prune=prune))
    open_ends = list(_report())
    for sentence in open_ends:
        click.echo(sentence)
    click.echo(f"{len(source)} texts in the source, {len(open_ends)} to mend in the catalogues.")


if __name__ == "__main__":
    main()
