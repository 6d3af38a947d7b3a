// Passkeys: asks the device, and sends its answer with the form.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const asked = async (form) => {
    const answer = await fetch(form.dataset.offer, { method: "POST", headers: { "X-CSRFToken": form.elements.csrf_token.value } });
    if (!answer.ok) throw new Error("refused");
    return answer.json();
  };
  const made = async (form) => {
    const wanted = await asked(form);
    const key = await navigator.credentials.create({ publicKey: {
      ...wanted, challenge: bytes(wanted.challenge), user: { ...wanted.user, id: bytes(wanted.user.id) }, excludeCredentials: named(wanted.excludeCredentials),
    } });
    return { id: key.id, rawId: text(key.rawId), type: key.type, response: {
      clientDataJSON: text(key.response.clientDataJSON), attestationObject: text(key.response.attestationObject),
    } };
  };
  const signed = async (form) => {
    const wanted = await asked(form);
    const key = await navigator.credentials.get({ publicKey: { ...wanted, challenge: bytes(wanted.challenge), allowCredentials: named(wanted.allowCredentials) } });
    return { id: key.id, rawId: text(key.rawId), type: key.type, response: {
      clientDataJSON: text(key.response.clientDataJSON), authenticatorData: text(key.response.authenticatorData),
      signature: text(key.response.signature), userHandle: key.response.userHandle ? text(key.response.userHandle) : null,
    } };
  };

  const answering = (id, deed) => {
    const form = document.getElementById(id);
    if (!form || !window.PublicKeyCredential) return;
    for (const hint of form.querySelectorAll("[data-without-script]")) hint.hidden = true;
    form.addEventListener("submit", async (event) => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      try {
        form.elements.answer.value = JSON.stringify(await deed(form));
        form.requestSubmit();
      } catch {
        form.elements.answer.value = "";
      }
    });
  };
  answering("new-key", made);
  answering("use-key", signed);
})();
