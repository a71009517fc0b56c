(() => {
  if (!document.getElementById("search")) return; // there is nothing to search
  const box = document.getElementById("search"), input = document.getElementById("words");
  const hits = document.getElementById("hits"), entries = [...document.querySelectorAll("details.m")];
  const topics = [...document.querySelectorAll(".topic")];
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  let texts = null, timer = 0;

  // without the titles of linked memories, which are found by themselves
  function ownText(entry) {
    const parts = [...entry.querySelectorAll("summary, .body, dl:not(.links), .history")].map((part) => part.textContent);
    return folded([entry.parentElement.dataset.topic, ...parts].join(" "));
  }

  function search() {
    texts ??= entries.map(ownText);
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    let count = 0;
    entries.forEach((entry, number) => {
      const found = words.every((word) => texts[number].includes(word));
      if (entry.hidden === found) entry.hidden = !found;
      count += found;
    });
    for (const topic of topics) topic.hidden = !topic.querySelector("details.m:not([hidden])");
    hits.dataset.words = input.value;
    hits.textContent = words.length ? `${count.toLocaleString("en")} of ${entries.length.toLocaleString("en")} memories` : "";
  }

  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const entry = target?.closest("details.m");
    if (!entry) return;
    if (entry.hidden) { input.value = ""; search(); }
    entry.open = true;
    entry.firstElementChild.focus({ preventScroll: true });
    entry.scrollIntoView();
  }

  box.hidden = false;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 120); });
  addEventListener("hashchange", reveal);
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    } else if (event.key === "Escape" && document.activeElement === input && input.value) {
      input.value = "";
      search();
    }
  });
  if (location.hash) reveal();
  if (input.value) search();
})();
