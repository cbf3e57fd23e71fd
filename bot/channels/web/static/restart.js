// A tablet at a counter begins anew once nobody has touched it for a while. Without this script so long
// after the page was loaded; where it fails, ten minutes after that.
(function () {
  "use strict";
  var page = document.querySelector("main").dataset, timer;

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(function () { location.replace(page.restart); }, page.seconds * 1000);
  }

  ["pointerdown", "keydown", "input", "scroll"].forEach(function (touch) {
    window.addEventListener(touch, wait, { capture: true, passive: true });
  });
  wait();
})();
