"""The templates of what is no list: home, forms of the chat, coverage."""

from collections.abc import Mapping

_HOME = """{% extends "layout.html" %}
{% block header %}<h1>{{ title }}</h1>{% endblock %}
{% block content %}
<section class="card mb-3" aria-labelledby="due"><div class="card-body">
  <h2 class="card-title" id="due">{{ said("desk.due") }}</h2>
  {% if desk.span %}<p class="text-muted">{{ desk.span }}</p>{% endif %}
  {% if desk.counts %}<p>{{ said("desk.waits") }} {{ desk.counts | join("; ") }}.
    <a href="?{{ {"q": desk.text, "waits": "" if desk.waits else 1} | urlencode }}">{{
      said("desk.waits.not" if desk.waits else "desk.waits.only") }}</a></p>{% endif %}
  {% if desk.due %}<ul class="list-unstyled mb-0">
    {% for each in desk.due %}<li class="py-1">
      {% if each.is_late %}<strong class="late">{{ said("desk.late") }}</strong>{% endif %}
      <a href="{{ url_for(__name__ ~ ':edit', key=each.key).include_query_params(pk=each.pk)
        if each.pk else url_for(__name__ ~ ':list', key=each.key) }}"><bdi>{{ each.unit }}</bdi>: {{
        each.text }}</a></li>
    {% endfor %}</ul>
  {% else %}<p class="mb-0">{{ said("desk.due.none") }}</p>{% endif %}
</div></section>
{% if desk.number or desk.text %}
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
  <table class="table desk units stacked" role="table"><thead><tr role="row">
    <th role="columnheader">{{ said("console.field.unit") }}</th>
    <th role="columnheader">{{ said("desk.sample") }}</th>
    <th role="columnheader">IKM</th>
    <th role="columnheader">{{ said("desk.course") }}</th>
    {% for name in desk.elements %}<th role="columnheader" class="cell"><abbr title="{{ name }}">U{{
      loop.index }}</abbr></th>{% endfor %}
  </tr></thead><tbody role="rowgroup">
  {% for each in desk.seen %}<tr role="row">
    <th scope="row" role="rowheader"><a href="{{ url_for(__name__ ~ ':list', key="figures"
      ).include_query_params(q=each.name) }}"><bdi>{{ each.name }}</bdi></a></th>
    <td role="cell">{% if each.needed %}<progress max="{{ each.needed }}" value="{{ each.n }}"
      aria-label="{{ each.sample }}"></progress>{% endif %}
      <div{% if each.is_behind %} class="late"{% endif %}>{{ each.sample }}</div></td>
    <td role="cell">{% if each.ikm %}<strong>{{ each.ikm }}</strong> {{ each.grade }}{% else %}–{%
      endif %} <span class="text-muted">{{ each.of }}</span></td>
    <td role="cell">{% if each.weeks %}<svg viewBox="0 0 104 28" width="104" height="28"
      aria-hidden="true">{% for points in each.weeks %}<polyline points="{{ points }}" fill="none"
        stroke="currentColor" stroke-width="2" stroke-linecap="round"></polyline>{% endfor %}
      </svg>{% endif %}<div>{{ each.course }}</div></td>
    {% for name in desk.elements %}{% set cell = each.cells[loop.index0] %}<td role="cell"
      class="cell g{{ cell.grade }}" data-label="U{{ loop.index }}">{{ cell.mean or "–" }}</td>
    {% endfor %}</tr>{% endfor %}
  </tbody></table></div>
  {% if desk.elements %}<div class="card-body text-muted border-top py-2">
    {% for name in desk.elements %}<span>U{{ loop.index }} {{ name }}</span>{{
      " · " if not loop.last }}{% endfor %}</div>{% endif %}
  {% if desk.ways %}<div class="card-footer btn-list">{% for label, first in desk.ways %}
    <a class="btn" href="{{ request.url.include_query_params(**{"from": first}) }}">{{ label }}</a>
    {% endfor %}</div>{% endif %}
</section>
{% endif %}
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

_CHAT_FORM = """{% extends "layout.html" %}
{% block header %}<h1>{{ title }}</h1>{% endblock %}
{% block content %}<div class="card"><div class="card-body">
  {% if fault %}<div class="alert alert-danger">
    <div class="alert-description">{{ fault }}</div></div>{% endif %}
  {% if lines %}<p class="alert-description" aria-live="polite">{{ lines }}</p>{% endif %}
  {% if photo %}<p><img class="public" src="{{ photo }}" alt="{{
    said("console.field.photo") }}"></p>{% endif %}
  {% for each in files %}<p><a class="btn btn-primary"
    href="{{ home }}/file?of={{ each.of }}" download>{{ each.label }}</a></p>{% endfor %}
  {% if written %}<label class="form-label" for="written">{{ said("console.written") }}</label>
  <textarea class="form-control" id="written" rows="5" readonly>{{ written }}</textarea>{% endif %}
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
  <form method="post">{{ csrf_input(request) }}
    {% if request.state.places | length > 1 and commands | length > 1 %}
    <label class="form-label" for="unit">{{ said("console.chat_forms.unit") }}</label>
    <input class="form-control mb-3" id="unit" name="unit" list="unit-known" maxlength="200">
    <datalist id="unit-known">{% for id, name in request.state.places %}
      <option value="{{ id.partition(":")[2] or id }}">{{ name }}</option>{% endfor %}</datalist>
    {% endif %}<div class="list-group">
    {% for command, does in commands %}
    <button class="list-group-item list-group-item-action" name="command" value="{{ command }}">
      {{ does }} <span class="text-muted">{{ command }}</span></button>{% endfor %}
  </div></form>
  {% else %}<p class="mt-3"><a href="{{ home }}">{{ said("console.chat_forms.others") }}</a></p>
  {% endif %}
</div></div>{% endblock %}
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
  <table class="table desk regions stacked" role="table"><thead><tr role="row">
    <th role="columnheader">{{ said("coverage.name") }}</th>
    {% for head in heads %}<th role="columnheader">{{ head }}</th>{% endfor %}
  </tr></thead><tbody role="rowgroup">
    {% for name, counts, mean in regions %}<tr role="row">
    <th scope="row" role="rowheader"><bdi>{{ name or "–" }}</bdi></th>
    {% for value in counts + [mean] %}<td role="cell" data-label="{{ heads[loop.index0] }}">{{
      value }}</td>{% endfor %}</tr>{% endfor %}
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

OWN_PAGES: Mapping[str, str] = {
    "console/home.html": _HOME,
    "console/chat_form.html": _CHAT_FORM,
    "console/coverage.html": _COVERAGE,
}
