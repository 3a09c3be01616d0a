// After an htmx swap: tell screen readers what the fragment announces.
document.body.addEventListener("htmx:afterSwap", (event) => {
    const spoken = event.detail.target.querySelector("[data-fc-announce]");
    if (spoken) document.getElementById("annonce").textContent = spoken.dataset.fcAnnounce;
});
