// Pages change in place: less to load, and a screen reader hears the question. Without this script, or
// where anything in it fails, the same forms are sent as they are.
(function () {
  "use strict";
  if (!window.fetch || !window.DOMParser || !history.pushState) return;
  var busy = false;

  function show(answer, text, push) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var main = page.querySelector("main");
    if (!main) throw new Error("no page");
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    document.documentElement.className = page.documentElement.className;
    document.querySelector("main").replaceWith(document.importNode(main, true));
    if (push) history.pushState(null, "", answer.redirected ? answer.url : location.href);
    offer();
    window.scrollTo(0, 0);
    var first = document.querySelector(".notes") || document.querySelector("h1");
    if (first) { first.tabIndex = -1; first.focus(); }
  }

  function load(address, how, push, otherwise) {
    busy = true;
    document.querySelector("main").setAttribute("aria-busy", "true");
    fetch(address, how).then(function (answer) {
      return answer.text().then(function (text) { show(answer, text, push); });
    }).catch(otherwise).then(function () {
      busy = false;
      document.querySelector("main").removeAttribute("aria-busy");
    });
  }

  // Where somebody is: asked once, by a button that is of no use without a script.
  function offer() {
    var button = document.querySelector("button.place");
    if (!button || !navigator.geolocation || !window.isSecureContext) return;
    function unread() { button.textContent = button.dataset.unread; }
    button.hidden = false;
    button.onclick = function () {
      navigator.geolocation.getCurrentPosition(function (found) {
        var fields = new URLSearchParams(new FormData(button.form));
        fields.delete("text");
        fields.set("place", found.coords.latitude.toFixed(5) + " " + found.coords.longitude.toFixed(5));
        load(button.form.action, { method: "POST", body: fields, credentials: "same-origin" }, true, unread);
      }, unread, { timeout: 15000 });
    };
  }

  document.addEventListener("submit", function (event) {
    var form = event.target, by = event.submitter;
    if (!by) return;
    event.preventDefault();
    if (busy) return;
    var fields = new URLSearchParams(new FormData(form));
    if (by.name) fields.set(by.name, by.value);
    load(form.action, { method: "POST", body: fields, credentials: "same-origin" }, true, function () {
      if (by.name) {
        var field = document.createElement("input");
        field.type = "hidden"; field.name = by.name; field.value = by.value;
        form.appendChild(field);
      }
      form.submit();
    });
  });

  offer();
  window.addEventListener("popstate", function () {
    load(location.href, { credentials: "same-origin" }, false, function () { location.reload(); });
  });
})();
