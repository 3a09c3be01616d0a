// A slider beside each number of the options page.
function addSlider(field) {
    const [least, most, step] = field.dataset.fcSlider.split(" ");
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    const slider = Object.assign(document.createElement("input"), {
        type: "range", min: least, max: most, step, className: "form-range",
    });
    slider.setAttribute("aria-label", `Curseur : ${label.textContent.trim()}`);
    const follow = () => { slider.value = field.value.replace(/\s/g, "").replace(",", ".") || least; };
    slider.addEventListener("input", (event) => {
        field.value = slider.value.replace(".", ",");
        // The form listens to the field alone: one request, not two.
        event.stopPropagation();
        field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    field.addEventListener("input", (event) => { if (event.isTrusted) follow(); });
    follow();
    (field.closest(".input-group") ?? field).after(slider);
}

document.querySelectorAll("[data-fc-slider]").forEach(addSlider);
