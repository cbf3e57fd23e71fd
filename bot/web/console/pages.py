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


_LAYOUT = """{% extends "@core/layout.html" %}
{% block fonts %}<style>
  body { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
  .alert-description { white-space: pre-line; overflow-wrap: anywhere; }
  .card-header:not(:has(input, a, h3)) { display: none; }
  td .text-truncate { white-space: normal; }
  [readonly] { background: var(--tblr-bg-surface-secondary); }
  @media (max-width: 767px) {
    .breadcrumb { display: none; }
    .table-mobile-md td { padding: .3rem .75rem !important; }
    #tableContent td::before { display: none; }
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

_LIST = """{% extends "@core/list.html" %}
{% block list_search %}{% if view.searchable_fields %}{{ super() }}{% endif %}{% endblock %}
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

_HOME = """{% extends "layout.html" %}
{% block header %}<h1>{{ title }}</h1>{% endblock %}
{% block content %}
<p>{{ about }}</p>
<div class="row row-cards">
  {% for view in views if view.about and view.is_accessible(request) %}
  <div class="col-sm-6 col-lg-4">
  <a class="card card-link" href="{{ url_for(__name__ ~ ':list', key=view.key)
    if view | is_model_view else url_for(__name__, path=view.path) }}">
    <div class="card-body">
      <h2 class="card-title mb-1">{{ view.menu_label }}</h2>
      <div class="text-muted">{{ view.about }}</div>
    </div>
  </a></div>
  {% endfor %}
</div>
{% endblock %}
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

# What takes a table: what was wrong with it or came of it, then its own part.
_TAKING = """{% extends "layout.html" %}
{% block header %}<h1>{{ title }}</h1>{% endblock %}
{% block content %}<div class="card"><div class="card-body">
  {% if fault %}<div class="alert alert-danger">
    <div class="alert-description">{{ fault }}</div></div>{% endif %}
  {% if told %}<div class="alert alert-success">
    <div class="alert-description">{{ told }}</div></div>{% endif %}
  {% block taken %}{% endblock %}
</div></div>{% endblock %}
"""

_TABLE = """{% extends "console/taking.html" %}
{% block taken %}
  {% if preview %}
  <p class="alert-description">{{ preview }}</p>
  <form method="post">{{ csrf_input(request) }}
    <input type="hidden" name="file" value="{{ file }}">
    <input type="hidden" name="name" value="{{ name }}">
    <input type="hidden" name="state" value="{{ state }}">
    <button class="btn btn-primary">{{ said("unit.apply.apply") }}</button>
    <a class="btn" href="{{ request.url.path }}">{{ said("unit.table.other") }}</a>
  </form>
  {% else %}
  <p id="about">{{ said("unit.table") }}</p>
  <form method="post" enctype="multipart/form-data">{{ csrf_input(request) }}
    <input class="form-control mb-3" type="file" name="table" accept=".xlsx,.csv" required
      aria-labelledby="about">
    <button class="btn btn-primary">{{ check }}</button>
  </form>
  {% endif %}
{% endblock %}
"""

_ANSWERS = """{% extends "console/taking.html" %}
{% block taken %}
  {% if preview %}
  <p class="alert-description" id="about">{{ preview }}</p>
  <form method="post">{{ csrf_input(request) }}
    {% for field in ("unit", "name", "file", "chosen", "state") %}
    <input type="hidden" name="{{ field }}" value="{{ {"unit": unit, "name": name, "file": file,
      "chosen": chosen, "state": state}[field] }}">{% endfor %}
    {% for each in choices %}
    <button class="btn btn-primary" name="choice" value="{{ each.id }}">{{ each.label }}</button>
    {% else %}
    <input class="form-control mb-3" name="choice" required aria-labelledby="about">
    <button class="btn btn-primary">{{ said("console.table.check") }}</button>
    {% endfor %}
    <a class="btn" href="{{ request.url.path }}">{{ said("unit.table.other") }}</a>
  </form>
  {% else %}
  <p class="alert-description" id="about">{{ said("answers.table") }}</p>
  <form method="post" enctype="multipart/form-data">{{ csrf_input(request) }}
    <label class="form-label">{{ said("console.field.unit") }}
      <input class="form-control mb-3" name="unit" value="{{ unit }}" required></label>
    <input class="form-control mb-3" type="file" name="table" accept=".xlsx,.csv" required
      aria-labelledby="about">
    <button class="btn btn-primary">{{ said("console.table.check") }}</button>
  </form>
  <form method="post">{{ csrf_input(request) }}
    {% if imports %}<p class="alert-description">{{ said("answers.which") }}</p>
    <input type="hidden" name="unit" value="{{ unit }}">
    {% for each in imports %}
    <button class="btn" name="which" value="{{ each.id }}">{{ each.label }}</button>{% endfor %}
    {% else %}
    <label class="form-label">{{ said("answers.do.undo") }}
      <input class="form-control mb-3" name="unit" value="{{ unit }}" required></label>
    <button class="btn">{{ said("console.table.check") }}</button>{% endif %}
  </form>
  {% endif %}
{% endblock %}
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
        "console/home.html": _HOME,
        "console/place.html": _PLACE,
        "console/taking.html": _TAKING,
        "console/table.html": _TABLE,
        "console/answers.html": _ANSWERS,
        "console/nothing.html": "",
        "console/hidden.html": '<input type="hidden" name="seen" value="{{ data or "" }}">',
    }
)
