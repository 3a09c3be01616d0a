// « / » goes to the search box, from anywhere but a field in which one may want to type it.
const box = document.querySelector("[data-fc-search]");

document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (!box || !box.offsetParent || event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    box.focus();
});
