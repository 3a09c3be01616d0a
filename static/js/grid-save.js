// Each row saves itself when it is left; what was refused stays as it was typed, with the reason beside it.
const WAITING = "À enregistrer";
const LOST = "Non enregistré : la connexion est coupée. Réessayez avec « Tout enregistrer ».";
const SIGNED_OUT = "Non enregistré : reconnectez-vous dans un autre onglet, puis « Tout enregistrer ».";
const part = (row, name) => row.querySelector(`[data-fc-part="${name}"]`);
const cells = (row) => [...row.querySelectorAll("[data-fc-cell]")];

async function post(grid, row) {
    const body = new URLSearchParams([["csrfmiddlewaretoken", grid.elements.csrfmiddlewaretoken.value]]);
    for (const field of row.querySelectorAll("input")) {
        if (field.name && (field.type !== "checkbox" || field.checked)) body.append(field.name, field.value);
    }
    const answer = await fetch(location.href, { method: "POST", body, headers: { "HX-Request": "true" } });
    return answer.redirected || answer.status === 403 ? null : answer.text();
}

// Whoever signed in again elsewhere has another token: the page borrows it.
async function renew(grid) {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const token = page.querySelector("[data-fc-grid] [name=csrfmiddlewaretoken]");
    if (token) grid.elements.csrfmiddlewaretoken.value = token.value;
    return Boolean(token);
}

function merge(row, html, sent) {
    const page = document.createElement("template");
    page.innerHTML = html;
    const answer = page.content.getElementById(row.id);
    if (!answer) throw new Error("no such row in the answer");
    for (const fresh of answer.querySelectorAll("[data-fc-part]")) part(row, fresh.dataset.fcPart).replaceWith(fresh);
    row.className = answer.className;
    cells(row).forEach((cell, rank) => {
        const fresh = cells(answer)[rank];
        // Typed again since: what is on the screen is the newer.
        if (cell.value === sent[rank]) cell.value = fresh.value;
        for (const name of ["aria-invalid", "aria-describedby"]) {
            if (fresh.hasAttribute(name)) cell.setAttribute(name, fresh.getAttribute(name));
            else cell.removeAttribute(name);
        }
    });
}

for (const grid of document.querySelectorAll("[data-fc-grid]")) {
    const dirty = new Set();
    let queue = Promise.resolve();
    const say = (row, words) => {
        part(row, "state").textContent = words;
    };
    const mark = (row) => {
        dirty.add(row);
        say(row, WAITING);
    };
    const save = async (row) => {
        if (!dirty.delete(row)) return;
        const sent = cells(row).map((cell) => cell.value);
        say(row, "Enregistrement…");
        try {
            const html = (await post(grid, row)) ?? ((await renew(grid)) && (await post(grid, row)));
            if (html) merge(row, html, sent);
            else [dirty.add(row), say(row, SIGNED_OUT)];
        } catch {
            dirty.add(row);
            say(row, LOST);
        }
        const title = sent[0] || "ligne sans objet";
        document.getElementById("annonce").textContent = `${title} : ${part(row, "state").textContent.trim()}`;
    };
    const flush = () => {
        for (const row of dirty) queue = queue.then(() => save(row));
    };
    grid.addEventListener("input", (event) => event.target.matches("[data-fc-cell]") && mark(event.target.closest("[data-fc-row]")));
    grid.addEventListener("change", (event) => {
        if (!event.target.matches("[type=checkbox]")) return;
        mark(event.target.closest("[data-fc-row]"));
        flush();
    });
    grid.addEventListener("fc:typed", (event) => mark(event.target));
    grid.addEventListener("fc:flush", flush);
    grid.addEventListener("focusout", (event) => {
        const row = event.target.closest("[data-fc-row]");
        if (row && !row.contains(event.relatedTarget)) queue = queue.then(() => save(row));
    });
    grid.addEventListener("submit", (event) => {
        event.preventDefault();
        flush();
    });
    addEventListener("beforeunload", (event) => dirty.size && event.preventDefault());
}
