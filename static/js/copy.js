// A button that copies the text of the elements it names; shown only where the browser can.
async function copy(button) {
    const said = document.getElementById("annonce");
    const label = button.querySelector("span");
    try {
        const named = button.dataset.fcCopy.split(" ").map((id) => document.getElementById(id).textContent.trim());
        await navigator.clipboard.writeText(named.join("\n\n"));
        label.textContent = "Copié";
        said.textContent = "Le texte est copié.";
    } catch {
        said.textContent = "La copie est refusée par le navigateur : sélectionnez le texte.";
        label.textContent = "Copie refusée : sélectionnez le texte";
    }
}

for (const button of document.querySelectorAll("[data-fc-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => copy(button));
}
