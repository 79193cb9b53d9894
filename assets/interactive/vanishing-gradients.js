/* The slope of a chain of single units, link by link: the reader moves the weight and the function.
   No library. The frame it draws first (logistic, w = 1) is kept as vanishing-gradients.svg. */
(() => {
  "use strict";

  const LINKS = 20;
  const FUNCTIONS = {
    logistic: { value: (z) => 1 / (1 + Math.exp(-z)), slope: (a) => a * (1 - a) },
    tanh: { value: Math.tanh, slope: (a) => 1 - a * a },
    relu: { value: (z) => Math.max(z, 0), slope: (a) => (a > 0 ? 1 : 0) },
  };
  const NAMES = { logistic: "Logistic", tanh: "Tanh", relu: "ReLU" };

  // The drawing's own units; the picture is scaled to the width of the column.
  const WIDTH = 640, HEIGHT = 380;
  const BOX = { left: 74, right: 620, top: 40, bottom: 318 };
  const LOW = -24, HIGH = 16; // powers of ten
  const r = (v) => Math.round(v * 10) / 10;
  const px = (link) => BOX.left + (link / LINKS) * (BOX.right - BOX.left);
  const py = (power) => BOX.bottom - ((power - LOW) / (HIGH - LOW)) * (BOX.bottom - BOX.top);

  // The slopes of the outputs after 0, 1, ... links by the number that goes in, which is 1.
  const chain = (name, w) => {
    const { value, slope } = FUNCTIONS[name];
    let a = 1, product = 1;
    const products = [product];
    for (let link = 1; link <= LINKS; link++) {
      a = value(w * a);
      product *= w * slope(a);
      products.push(product);
    }
    return products;
  };

  const raised = (power) =>
    (power < 0 ? "⁻" : "") + String(Math.abs(power)).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);

  const axes = () => {
    let out = `<path class="axis" d="M${BOX.left} ${BOX.top}V${BOX.bottom}H${BOX.right}"/>`;
    for (let power = LOW; power <= HIGH; power += 8) {
      out += `<path class="grid" d="M${BOX.left} ${r(py(power))}H${BOX.right}"/>`;
      const text = power === 0 ? "1" : `10${raised(power)}`;
      out += `<text x="${BOX.left - 8}" y="${r(py(power)) + 5}" text-anchor="end">${text}</text>`;
    }
    out += `<path class="tangent" d="M${BOX.left} ${r(py(0))}H${BOX.right}"/>`;
    for (let link = 0; link <= LINKS; link += 5) {
      out += `<text x="${r(px(link))}" y="${BOX.bottom + 27}" text-anchor="middle">${link}</text>`;
    }
    out += `<text x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">links</text>`;
    out += `<text x="${BOX.left + 8}" y="${BOX.top - 12}">slope of the whole chain</text>`;
    return out;
  };

  const walk = (products) => {
    const shown = [];
    for (const [link, product] of products.entries()) {
      const power = Math.log10(Math.abs(product));
      if (!(power >= LOW && power <= HIGH)) break; // beyond the frame, or zero
      shown.push([r(px(link)), r(py(power))]);
    }
    let out = `<path class="walk" d="M${shown.map((at) => at.join(" ")).join("L")}"/>`;
    for (const [x, y] of shown) out += `<circle cx="${x}" cy="${y}" r="4.5"/>`;
    return out;
  };

  const drawing = (name, w) =>
    `<svg xmlns="http://www.w3.org/2000/svg" class="chain-drawing" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
    axes() + walk(chain(name, w)) + "</svg>";

  const words = (v) => {
    const size = Math.abs(v);
    if (size === 0) return "0";
    if (size >= 1e-3 && size < 1e4) return String(Number(v.toPrecision(3)));
    const exponent = Math.floor(Math.log10(size) + 1e-9);
    return `${(v / 10 ** exponent).toFixed(1)} × 10${raised(exponent)}`;
  };

  const report = (name, w) => {
    const products = chain(name, w);
    const factor = (products[LINKS] / products[LINKS - 1]) || 0;
    let verdict = "it keeps its size";
    if (factor < 0.98) verdict = "it vanishes";
    if (factor > 1.02) verdict = "it explodes";
    return (
      `${NAMES[name]}, w = ${words(w)}: the slope is ${words(products[5])} over 5 links and ` +
      `${words(products[LINKS])} over ${LINKS}. The last link multiplies it by ${words(factor)}: ${verdict}.`
    );
  };

  const start = (figure) => {
    const live = document.createElement("div");
    live.className = "interactive-live";
    live.innerHTML =
      '<div class="interactive-drawing" aria-hidden="true"></div>' +
      '<div class="interactive-controls">' +
      '<label class="interactive-slider">weight <i>w</i> ' +
      '<input type="range" min="0.1" max="6" step="0.05"></label>' +
      "<fieldset><legend>activation</legend>" +
      '<label><input type="radio" value="logistic" checked> logistic</label>' +
      '<label><input type="radio" value="tanh"> tanh</label>' +
      '<label><input type="radio" value="relu"> ReLU</label>' +
      "</fieldset></div>" +
      '<p class="interactive-output" role="status" aria-live="polite"></p>';
    const slider = live.querySelector("input[type=range]");
    const radios = live.querySelectorAll("input[type=radio]");
    // Radio buttons belong together by name; two figures on a page must not share one.
    const name = `chain-${document.querySelectorAll(".interactive-live").length}`;
    radios.forEach((radio) => { radio.name = name; });

    const update = () => {
      const w = Number(slider.value);
      const chosen = [...radios].find((radio) => radio.checked).value;
      live.querySelector(".interactive-drawing").innerHTML = drawing(chosen, w);
      slider.setAttribute("aria-valuetext", words(w));
      live.querySelector(".interactive-output").textContent = report(chosen, w);
    };
    slider.value = 1;
    slider.addEventListener("input", update);
    radios.forEach((radio) => radio.addEventListener("change", update));
    figure.querySelector(".interactive-still").after(live);
    figure.classList.add("interactive-started");
    update();
  };

  document.querySelectorAll('.interactive[data-figure="vanishing-gradients"]').forEach(start);
})();
