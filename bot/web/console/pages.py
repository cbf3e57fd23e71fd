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
  .late { color: #a02424; }
  .desk th, .desk td { vertical-align: top; min-width: 9rem; }
  .desk .cell { min-width: 3.2rem; text-align: right; }
  .desk progress { width: 100%; }
  .desk .gA { background: #cfe8d5; color: #10301a; }
  .desk .gB { background: #eaf4d3; color: #2b3410; }
  .desk .gC { background: #ffe4b8; color: #4a3000; }
  .desk .gD { background: #f8cccc; color: #5b0f0f; }
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

_HOME = """{% extends "layout.html" %}
{% block header %}<h1>{{ title }}</h1>{% endblock %}
{% block content %}
<section class="card mb-3" aria-labelledby="due"><div class="card-body">
  <h2 class="card-title" id="due">{{ said("desk.due") }}</h2>
  {% if desk.due %}<ul class="list-unstyled mb-0">
    {% for each in desk.due %}<li class="py-1">
      {% if each.is_late %}<strong class="late">{{ said("desk.late") }}</strong>{% endif %}
      <a href="{{ url_for(__name__ ~ ':edit', key=each.key).include_query_params(pk=each.pk)
        if each.pk else url_for(__name__ ~ ':list', key=each.key) }}">{{ each.text }}</a></li>
    {% endfor %}</ul>
  {% else %}<p class="mb-0">{{ said("desk.due.none") }}</p>{% endif %}
</div></section>
<section class="card mb-3" aria-labelledby="units">
  <div class="card-body border-bottom">
    <h2 class="card-title" id="units">{{ said("desk.units") }}</h2>
    {% if desk.number > desk.seen | length or desk.text %}
    <form class="row g-2" role="search"><div class="col-auto">
      <input class="form-control" name="q" value="{{ desk.text }}"
        aria-label="{{ said("desk.search") }}" placeholder="{{ said("desk.search") }}"></div>
      <div class="col-auto"><button class="btn">{{ _("Search") }}</button></div></form>
    {% endif %}
    <p class="text-muted mb-0 mt-2">{{ said("desk.about") }}</p>
  </div>
  <div class="table-responsive" tabindex="0" role="region" aria-labelledby="units">
  <table class="table desk"><thead><tr>
    <th scope="col">{{ said("console.field.unit") }}</th>
    <th scope="col">{{ said("desk.sample") }}</th>
    <th scope="col">IKM</th>
    <th scope="col">{{ said("desk.course") }}</th>
    {% for name in desk.elements %}<th scope="col" class="cell"><abbr title="{{ name }}">U{{
      loop.index }}</abbr></th>{% endfor %}
  </tr></thead><tbody>
  {% for each in desk.seen %}<tr>
    <th scope="row"><a href="{{ url_for(__name__ ~ ':list', key="figures").include_query_params(
      q=each.name) }}">{{ each.name }}</a></th>
    <td>{% if each.needed %}<progress max="{{ each.needed }}" value="{{ each.n }}"
      aria-label="{{ each.sample }}"></progress>{% endif %}
      <div{% if each.is_behind %} class="late"{% endif %}>{{ each.sample }}</div></td>
    <td>{% if each.ikm %}<strong>{{ each.ikm }}</strong> {{ each.grade }}{% else %}–{% endif %}
      <div class="text-muted">{{ each.of }}</div></td>
    <td>{% if each.weeks %}<svg viewBox="0 0 104 28" width="104" height="28" aria-hidden="true">
      {% for points in each.weeks %}<polyline points="{{ points }}" fill="none"
        stroke="currentColor" stroke-width="2" stroke-linecap="round"></polyline>{% endfor %}
      </svg>{% endif %}<div>{{ each.course }}</div></td>
    {% for cell in each.cells %}<td class="cell g{{ cell.grade }}">{{ cell.mean or "–" }}</td>
    {% else %}{% for name in desk.elements %}<td class="cell">–</td>{% endfor %}{% endfor %}
  </tr>{% endfor %}
  </tbody></table></div>
  {% if desk.elements %}<div class="card-body text-muted border-top py-2">
    {% for name in desk.elements %}<span class="text-nowrap">U{{ loop.index }} {{ name }}</span>{{
      " · " if not loop.last }}{% endfor %}</div>{% endif %}
  {% if desk.ways %}<div class="card-footer btn-list">{% for label, first in desk.ways %}
    <a class="btn" href="{{ request.url.include_query_params(**{"from": first}) }}">{{ label }}</a>
    {% endfor %}</div>{% endif %}
</section>
{% if desk.changes %}
<section class="card mb-3" aria-labelledby="changes"><div class="card-body">
  <h2 class="card-title" id="changes">{{ said("desk.changes") }}</h2>
  <ul class="list-unstyled mb-2">{% for each in desk.changes %}
    <li class="py-1">{{ each }}</li>{% endfor %}</ul>
  <a href="{{ url_for(__name__ ~ ':list', key="log") }}">{{ said("desk.changes.all") }}</a>
</div></section>
{% endif %}
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

_CHAT_FORM = """{% extends "console/taking.html" %}
{% block taken %}
  {% if lines %}<p class="alert-description" aria-live="polite">{{ lines }}</p>{% endif %}
  {% for each in files %}<p><a class="btn btn-primary"
    href="{{ home }}/file?of={{ each.of }}" download>{{ each.label }}</a></p>{% endfor %}
  {% if state or buttons %}
  <form method="post" {% if table %}enctype="multipart/form-data"{% endif %} autocomplete="off">
    {{ csrf_input(request) }}<input type="hidden" name="state" value="{{ state }}">
    {% if table %}
    <input class="form-control mb-2" type="file" name="{{ table }}" accept="{{ accept }}"
      aria-label="{{ said("console.field." ~ table) }}">
    <button class="btn btn-primary mb-3">{{ said("console.table.check") }}</button>
    {% elif writes %}
    {% if long %}<textarea class="form-control mb-2" name="text" rows="5" maxlength="{{ writes }}"
      aria-label="{{ said("console.field.text") }}" autofocus></textarea>
    {% else %}<input class="form-control mb-2" name="text" maxlength="{{ writes }}"
      aria-label="{{ said("console.field.text") }}" autofocus>{% endif %}
    <button class="btn btn-primary mb-3">{{ said("web.next") }}</button>
    {% endif %}
    <div class="btn-list">{% for data, label in buttons %}
    <button class="btn" name="do" value="{{ data }}">{{ label }}</button>{% endfor %}</div>
  </form>
  {% endif %}
  {% if commands %}
  <form method="post">{{ csrf_input(request) }}<div class="list-group">
    {% for command, does in commands %}
    <button class="list-group-item list-group-item-action" name="command" value="{{ command }}">
      {{ does }} <span class="text-muted">{{ command }}</span></button>{% endfor %}
  </div></form>
  {% else %}<p class="mt-3"><a href="{{ home }}">{{ said("console.chat_forms.others") }}</a></p>
  {% endif %}
{% endblock %}
"""

_COVERAGE = """{% extends "layout.html" %}
{% block header %}<h1>{{ title }}</h1>{% endblock %}
{% block content %}
<form class="row g-2 mb-3"><div class="col-auto"><select class="form-select" name="period"
    aria-label="{{ said("console.field.period") }}">{% for name, label, is_chosen in quarters %}
    <option value="{{ name }}"{% if is_chosen %} selected{% endif %}>{{ label }}</option>
    {% endfor %}</select></div>
  <div class="col-auto"><button class="btn">{{ said("coverage.show") }}</button></div>
  <div class="col-auto"><a class="btn" download href="{{ request.url.include_query_params(
    period=period, xlsx=1) }}">{{ said("console.export") }}</a></div>
</form>
<div class="row row-cards mb-3">
  <div class="col-lg-6"><section class="card h-100"><div class="card-body">
    <h2 class="card-title">{{ said("coverage.all") }}</h2>
    <dl class="mb-0">{% for head in heads %}<dt>{{ head }}</dt>
      <dd>{{ (whole[1] + [whole[2]])[loop.index0] }}</dd>{% endfor %}</dl>
  </div></section></div>
  <div class="col-lg-6"><section class="card h-100"><div class="card-body">
    <h2 class="card-title">{{ said("coverage.bars") }}</h2>
    {% if bars %}<table class="table desk bars"><tbody>{% for label, count in bars %}
      <tr><th scope="row" class="cell">{{ label }}</th>
      <td><progress max="{{ most }}" value="{{ count }}" aria-hidden="true"></progress></td>
      <td class="cell">{{ count }}</td></tr>{% endfor %}</tbody></table>
    <p class="mb-0">{% for grade, count, of in grades %}{{ grade }}: {{ count }}{{
      " · " if not loop.last }}{% endfor %}</p>
    {% else %}<p class="mb-0">{{ said("coverage.none") }}</p>{% endif %}
  </div></section></div>
</div>
<section class="card mb-3"><div class="card-body border-bottom">
  <h2 class="card-title mb-0" id="regions">{{ said("coverage.regions") }}</h2></div>
  <div class="table-responsive" tabindex="0" role="region" aria-labelledby="regions">
  <table class="table desk"><thead><tr><th scope="col">{{ said("coverage.name") }}</th>
    {% for head in heads %}<th scope="col">{{ head }}</th>{% endfor %}</tr></thead><tbody>
    {% for name, counts, mean in regions %}<tr><th scope="row">{{ name or "–" }}</th>
    {% for count in counts %}<td>{{ count }}</td>{% endfor %}<td>{{ mean }}</td></tr>{% endfor %}
  </tbody></table></div></section>
<section class="card mb-3"><div class="card-body border-bottom">
  <h2 class="card-title" id="levels">{{ said("coverage.levels") }}</h2>
  <p class="text-muted mb-0">{{ said("coverage.levels.about") }}</p></div>
  <div class="table-responsive" tabindex="0" role="region" aria-labelledby="levels">
  <table class="table desk"><thead><tr><th scope="col">{{ said("coverage.indicator") }}</th>
    {% for level in level_names %}<th scope="col" class="cell">{{ level }}</th>{% endfor %}
  </tr></thead><tbody>{% for name, counts in levels %}<tr><th scope="row">{{ name }}</th>
    {% for count in counts %}<td class="cell">{{ count }}</td>{% endfor %}</tr>{% endfor %}
  </tbody></table></div></section>
<p class="text-muted">{{ said("coverage.about") }}</p>
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
        "console/chat_form.html": _CHAT_FORM,
        "console/coverage.html": _COVERAGE,
        "console/nothing.html": "",
        "console/hidden.html": '<input type="hidden" name="seen" value="{{ data or "" }}">',
    }
)
