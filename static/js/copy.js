// A button that copies the text of the element it names; shown only where the browser can.
async function copy(button) {
    const said = document.getElementById("annonce");
    const label = button.querySelector("span");
    try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.fcCopy).textContent);
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
