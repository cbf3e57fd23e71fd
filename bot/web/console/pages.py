"""Where the console's pages differ from starlette-admin's: one language, one way to save, and
nothing from elsewhere (its own layout asks another site for a font)."""

from collections.abc import Mapping
from typing import Any

from jinja2 import DictLoader
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates
from starlette_admin import CustomView
from starlette_admin.flash import get_flashed_messages
from starlette_admin.theme import ClassMap, CoreClasses, DefaultTheme

from bot.web.console.own_pages import OWN_PAGES


class Page(CustomView):
    """A page that is no list. `templates`: those of the admin that it belongs to."""

    templates: Jinja2Templates

    def rendered(
        self, request: Request, name: str, context: Mapping[str, Any], status: int = 200
    ) -> Response:
        shown = {"flashed_messages": get_flashed_messages(request), **context}
        return self.templates.TemplateResponse(request, name, shown, status)


class Classes(ClassMap):
    # A phone has room for one column.
    classes = {"list.table": CoreClasses.classes["list.table"] + " table-mobile-md"}  # noqa: RUF012


class Theme(DefaultTheme):
    def get_class_map(self) -> ClassMap:
        return Classes()


COLOURS = """:root{--late:#a02424; --paper:#ffffff;
    --ground:#fafaf9; --soft:#5f6570; --link:#0558a8;
    --A:#cfe8d5; --a:#10301a; --B:#eaf4d3; --b:#2b3410; --C:#ffe4b8; --c:#4a3000;
    --D:#f8cccc; --d:#5b0f0f}
  @media (prefers-color-scheme: dark){:root{--late:#ff9d9d; --paper:#292524;
    --ground:#1c1917; --soft:#b9b3ad; --link:#8ec5ff;
    --A:#14532d; --a:#d9f5e3; --B:#3f4f13; --b:#eef7d2; --C:#5c3d05; --c:#ffe9c2;
    --D:#6b1a1a; --d:#ffdede}}"""
"""Of what is ours; `paper` is what Tabler draws it on."""

_LAYOUT = (
    """{% extends "@core/layout.html" %}
{% block head_meta %}<script>
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const themed = () => {
    document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", themed);
  themed();
</script>{% endblock %}
{% block fonts %}<style>
  """
    + COLOURS
    + """
  body { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
  .alert-description { white-space: pre-line; overflow-wrap: anywhere; }
  .card-header:not(:has(input, a, h3)) { display: none; }
  .btn-list { overflow-wrap: anywhere; }
  .btn-list .btn { white-space: normal; min-width: 0; max-width: 100%; text-align: start; }
  td .text-truncate { white-space: normal; overflow-wrap: anywhere; }
  [readonly] { background: var(--tblr-bg-surface-secondary); }
  [data-bs-theme=dark] { --tblr-link-color: var(--link); --tblr-link-color-rgb: 142, 197, 255;
    --tblr-link-hover-color-rgb: 190, 221, 255; }
  [data-bs-theme=dark] :is(.text-muted, .text-secondary) { color: var(--soft) !important; }
  tr.row-clickable td:first-child :is(a, button) { min-width: 24px; min-height: 24px; }
  .card-actions .btn { overflow-wrap: normal; }
  img.public { max-width: 100%; height: auto; max-height: 24rem; border-radius: .3rem; }
  .late { color: var(--late); }
  .desk th, .desk td { vertical-align: top; min-width: 5rem; overflow-wrap: anywhere; }
  .desk thead th { white-space: normal; overflow-wrap: normal; }
  .desk th:first-child, .units td:not(.cell) { min-width: 9rem; }
  .desk .cell { min-width: 2.2rem; text-align: right; overflow-wrap: normal; }
  .desk progress { width: 100%; }
  .bars th:first-child { min-width: 4.5rem; }
  .bars td:nth-child(2) { width: 100%; }
  .desk .gA { background: var(--A); color: var(--a); }
  .desk .gB { background: var(--B); color: var(--b); }
  .desk .gC { background: var(--C); color: var(--c); }
  .desk .gD { background: var(--D); color: var(--d); }
  @media (max-width: 767px) {
    .breadcrumb { display: none; }
    .table-mobile-md td { padding: .3rem .75rem !important; }
    #tableContent td::before { display: none; }
    .desk th, .desk td { padding: .4rem .5rem; }
    .stacked thead { display: block; position: absolute; width: 1px; height: 1px; overflow: hidden;
      clip-path: inset(50%); }
    .stacked, .stacked tbody { display: block; }
    .stacked tr { display: grid; padding: .5rem;
      border-bottom: 1px solid var(--tblr-border-color); }
    .stacked tbody th, .stacked tbody td { border: 0; padding: .15rem .4rem; }
    .regions td { display: flex; justify-content: space-between; gap: 1rem; }
    .units tr { grid-template-columns: repeat(5, 1fr); }
    .units tbody th, .units td:not(.cell), .regions th { grid-column: 1 / -1; }
    .stacked [data-label]::before { content: attr(data-label); opacity: .75; }
    .units .cell::before { display: block; }
    .stacked.regions tr { display: block; }
  }
</style>{% endblock %}
{% block favicon %}<link rel="icon" href="data:,">{% endblock %}
{% block body %}{{ super() | spoken }}{% endblock %}
{% block tail %}<script>
  for (const each of document.querySelectorAll("[data-goes-to]"))
    each.addEventListener("change", () => { window.location = each.value; });
  if (window.StarletteAdmin && StarletteAdmin.alertHandler) {
    const shown = StarletteAdmin.alertHandler;
    const words = {"Something went wrong!": {{ _("Something went wrong!") | tojson }}};
    StarletteAdmin.alertHandler = (type, text, after) => shown(type, words[text] || text, after);
  }
</script>{% endblock %}
"""
)

_LIST = """{% extends "@core/list.html" %}
{% block list_search %}{% if view.searchable_fields %}{{ super() }}{% endif %}{% endblock %}
{% block list_toolbar_extra %}
  <a class="btn" download href="{{ url_for(__name__ ~ ':index') }}export?{{
    {"of": view.key, "q": list_params.q or ""} | urlencode }}">{{ said("console.export") }}</a>
{% endblock %}
{% block list_before_table %}
  <div class="card-body border-bottom py-2 text-muted">{{ view.about }}
  {% if view.looks and request.state.is_wide %}<div>{{ view.looks }}</div>{% endif %}</div>
{% endblock %}
"""

_ROW = """<tr data-sa-pk="{{ row.id }}" class="row-clickable" tabindex="0"
  data-sa-href="{{ detail_url(request, view.key, row.id) }}">
  <td>{% with pk=row.id, _actions=row_actions.get(row.id, []),
    display_type=view.row_actions_display_type %}{% include "row-actions.html" %}{% endwith %}</td>
  {% for field in fields %}<td data-label="{{ field.label }}" data-column="{{ field.name }}">
    {% with data=row[field.name] %}{% if data == None %}–{% else %}
    {% include field.list_template %}{% endif %}{% endwith %}</td>{% endfor %}
</tr>
"""

_DETAIL = """{% extends "@core/detail.html" %}
{% block detail_title %}<h2 class="card-title">{{ obj._meta.repr }}</h2>{% endblock %}
"""

_FOOTER = """<div class="card-footer"><div class="btn-list justify-content-end">
  <a href="{{ back_url(request, view.key) }}" class="btn">{{ _("Cancel") }}</a>
  <button type="submit" class="btn btn-primary">{{ _("Save") }}</button>
</div></div>
"""

_ERROR = """{% extends "layout.html" %}
{% block sidebar %}{% endblock %}
{% block content %}<div class="empty">
  <p class="empty-title">{{ _("Oops… You just found an error page") }}</p>
  <div class="empty-action">
    <a class="btn btn-primary" href="{{ url_for(__name__ ~ ':index') }}">{{ _("Take me home") }}</a>
  </div>
</div>{% endblock %}
"""

_PLACE = """{% with known=request.state.places %}
{% with data=data or (known[0][0] if known | length == 1) or "" %}
{% include "fields/form/input.html" %}{% endwith %}
<datalist id="{{ field.id }}-known">
  {% for id, name in known %}<option value="{{ id }}">{{ name }}</option>{% endfor %}
</datalist>{% endwith %}
<script>document.getElementById("{{ field.id }}").setAttribute("list", "{{ field.id }}-known")
</script>
"""

PAGES = DictLoader(
    {
        "layout.html": _LAYOUT,
        "list.html": _LIST,
        "detail.html": _DETAIL,
        "_list_row.html": _ROW,
        "_form_footer.html": _FOOTER,
        "error.html": _ERROR,
        "fields/detail/_null.html": "–",
        "fields/detail/_empty.html": "–",
        **OWN_PAGES,
        "console/place.html": _PLACE,
        "console/nothing.html": "",
        "console/photo.html": '<img class="public" src="{{ data }}" alt="{{ obj.titled }}">',
        "console/hidden.html": '<input type="hidden" name="seen" value="{{ data or "" }}">',
    }
)
