// What is typed in a long form survives a session that ends: kept in this tab until the server has it.
const TOLD = "Votre saisie, que le serveur n’avait pas reçue, est reprise : vérifiez-la, puis enregistrez.";
const read = (form) =>
    [...form.elements]
        .filter((field) => field.name && !["hidden", "submit", "button", "file"].includes(field.type))
        .map((field) => [field.name, field.value, field.checked ?? null]);

function fill(form, kept) {
    const fields = [...form.elements].filter((field) => field.name);
    let changed = false;
    for (const [name, value, checked] of kept) {
        const isTick = checked !== null && checked !== undefined;
        const field = fields.find((one) => one.name === name && (!["checkbox", "radio"].includes(one.type) || one.value === value));
        if (!field) continue;
        if (["checkbox", "radio"].includes(field.type)) {
            changed ||= isTick && field.checked !== checked;
            field.checked = checked;
        } else {
            changed ||= field.value !== value;
            field.value = value;
        }
    }
    return changed;
}

for (const form of document.querySelectorAll("[data-fc-keep]")) {
    const key = `saisie ${location.pathname}`;
    // Another version of the page: the server has what was typed, or a colleague wrote since.
    const version = form.dataset.fcKeep;
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
    const isRefusal = form.hasAttribute("data-fc-refused");
    if (kept && kept.version === version && !isRefusal && fill(form, kept.fields)) {
        const notice = document.createElement("div");
        notice.className = "notice notice-info";
        notice.setAttribute("role", "status");
        notice.textContent = TOLD;
        form.prepend(notice);
    } else if (kept && kept.version !== version) sessionStorage.removeItem(key);
    form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify({ version, fields: read(form) })));
    form.addEventListener("change", () => sessionStorage.setItem(key, JSON.stringify({ version, fields: read(form) })));
}
