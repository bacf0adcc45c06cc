// The live page: what the API tells, shown. Whatever comes from a peer is set as text, never as markup; texts for
// people are in the page (#words), in its language.
(function () {
  'use strict';

  var LISTED = 200, WAIT = 400, PAUSE = 2000;
  var lang = document.documentElement.lang;
  var words = {};
  var codes = {};    // explanations, by code
  var wholes = {};   // calls with their ladder, by id: {messages, value}
  var opened = {};   // ids of calls that are unfolded
  var rows = {};     // what is shown of calls, by list and id: {messages, state, item}
  var timer = 0, isBusy = false, isStale = false;

  function byId(id) {
    return document.getElementById(id);
  }

  document.querySelectorAll('#words dt').forEach(function (name) {
    words[name.textContent] = name.nextElementSibling.textContent;
  });

  // An element with a class and a text, and others within it.
  function make(tag, kind, text) {
    var element = document.createElement(tag);

    if (kind)
      element.className = kind;
    if (text !== undefined && text !== null)
      element.textContent = text;
    for (var i = 3; i < arguments.length; i++)
      if (arguments[i])
        element.appendChild(arguments[i]);
    return element;
  }

  // What stays is not touched, so that whoever stands there with the keyboard, or has scrolled it, stays there too.
  function fill(list, items) {
    var room = byId(list), focused = room.contains(document.activeElement) ? document.activeElement : null;
    var key = focused && focused.closest('li').dataset.key;

    Array.from(room.children).forEach(function (old) {
      if (items.indexOf(old) < 0)
        old.remove();
    });
    items.forEach(function (item, i) {
      if (room.children[i] !== item)
        room.insertBefore(item, room.children[i] || null);
      if (key && item.dataset.key === key && !item.contains(document.activeElement))
        item.querySelector('summary').focus({preventScroll: true});
    });
    byId('no-' + list).hidden = items.length > 0;
  }

  function state(name) {
    byId('state').textContent = words[name];
    byId('state').className = name;
  }

  // Asking

  function ask(path) {
    var secret = sessionStorage.getItem('token');
    var fields = {'Accept-Language': lang};

    if (secret)
      fields.Authorization = 'Bearer ' + secret;
    return fetch('api/v1/' + path, {headers: fields, cache: 'no-store'}).then(function (answer) {
      byId('token').hidden = answer.status !== 401;
      if (answer.ok)
        return answer;
      var error = new Error(path + ': ' + answer.status);
      error.status = answer.status;
      throw error;
    });
  }

  function json(path) {
    return ask(path + (path.indexOf('?') < 0 ? '?' : '&') + 'lang=' + lang).then(function (answer) {
      return answer.json();
    });
  }

  function explanationOf(code) {
    if (!codes[code]) {
      codes[code] = json('codes/' + code);
      codes[code].catch(function () { delete codes[code]; });
    }
    return codes[code];
  }

  function wholeOf(call) {
    var known = wholes[call.id];

    if (!known || known.messages !== call.messages || known.state !== call.state)
      known = wholes[call.id] = {messages: call.messages, state: call.state, value: json('calls/' + call.id)};
    known.value.catch(function () { delete wholes[call.id]; });
    return known.value;
  }

  // Moments

  var clock = new Intl.DateTimeFormat(lang, {hour: '2-digit', minute: '2-digit', second: '2-digit'});
  var span = new Intl.RelativeTimeFormat(lang, {numeric: 'always', style: 'short'});

  function when(text) {
    var element = make('time', 'when', clock.format(new Date(text)));

    element.dateTime = text;
    return element;
  }

  function remaining(seconds) {
    return seconds >= 5400 ? span.format(Math.round(seconds / 3600), 'hour') :
      seconds >= 90 ? span.format(Math.round(seconds / 60), 'minute') : span.format(seconds, 'second');
  }

  // Calls

  function finding(found) {
    var item = make('li', 'finding ' + found.severity);

    item.append(make('p', 'text', found.text + (found.guess ? ' (' + words.guess + ')' : '')));
    found.evidence.forEach(function (line) { item.append(make('code', 'evidence', line)); });
    if (found.fix)
      item.append(make('p', 'fix', found.fix));
    return item;
  }

  function findings(list) {
    if (!list.length)
      return null;
    return make('section', 'findings', null, make('h4', '', words.findings),
                list.reduce(function (ul, found) { ul.append(finding(found)); return ul; }, make('ul')));
  }

  function unfold(call, room) {
    wholeOf(call).then(function (whole) {
      room.replaceChildren.apply(room, [findings(whole.findings || []), make('figure', 'ladder', null, window.tandemLadder(whole.ladder || [], words.ladder))].filter(Boolean));
    }, function () {
      room.replaceChildren(make('p', 'none', words.gone));
    });
  }

  // Of a peer: what turns the direction of writing is shown as what it is, and turns nothing.
  function party(text) {
    return make('bdi', '', text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, function (sign) {
      return '\\u' + ('0' + sign.charCodeAt(0).toString(16)).slice(-4);
    }));
  }

  function numberOf(call) {
    var element = make('b', 'number', call.code || '');

    if (call.code)
      element.title = call.phrase;
    return element;
  }

  // Its ladder is asked for when it is unfolded; the key says which list it is of.
  function row(call, key, more) {
    var details = make('details', 'call ' + call.state);
    var summary = make('summary', '', null, when(call.started), numberOf(call),
                       make('span', 'who', null, party(call.from), document.createTextNode(' → '), party(call.to)),
                       make('span', 'how', words[call.state]));
    var room = make('div', 'whole');

    details.append(summary);
    details.dataset.callId = call.call_id;
    details.addEventListener('toggle', function () {
      opened[key + call.id] = details.open;
      if (details.open)
        unfold(call, room);
    });
    if (opened[key + call.id])
      details.open = true;
    details.append(room);
    var item = make('li', call.code ? 'c' + String(call.code)[0] : '', null, details, more);
    item.dataset.key = key + call.id;
    return item;
  }

  // Those that are shown already, as far as nothing has changed.
  function rowsOf(calls, key, moreOf) {
    var next = {};

    var items = calls.map(function (call) {
      var known = rows[key + call.id];

      if (!known || known.messages !== call.messages || known.state !== call.state)
        known = {messages: call.messages, state: call.state, item: row(call, key, moreOf(call))};
      next[key + call.id] = known;
      return known.item;
    });
    Object.keys(rows).forEach(function (name) {
      if (name[0] === key)
        delete rows[name];
    });
    Object.assign(rows, next);
    return items;
  }

  function reason(call) {
    if (!call.why)
      return null;
    return make('p', 'why', words.why + ': ' + call.why.text +
                [call.why.fact, call.why.reference].filter(Boolean).map(function (part) { return ' (' + part + ')'; }).join(''));
  }

  // What it means and how to fix it, as soon as that is known.
  function explained(call) {
    var room = make('div', 'explained', null, reason(call));

    if (!call.code || call.code < 300)
      return room;
    explanationOf(call.code).then(function (text) {
      var link = make('a', '', words.more);

      link.href = lang + '/codes/' + call.code;
      room.append(make('h3', '', text.title), make('p', 'description', text.description),
                  make('p', 'fix', null, make('b', '', words.fix + ': '), document.createTextNode(text.fix)),
                  make('p', 'more', null, link));
    }, function () { delete rows['f' + call.id]; });
    return room;
  }

  function tally(id, failed, nameOf) {
    var counts = {};

    failed.forEach(function (call) {
      var name = nameOf(call);

      if (name)
        counts[name] = (counts[name] || 0) + 1;
    });
    var names = Object.keys(counts).sort(function (a, b) { return counts[b] - counts[a]; });
    fill(id, names.slice(0, 12).map(function (name) {
      var bar = make('meter');

      bar.max = failed.length;
      bar.value = counts[name];
      bar.title = name;
      return make('li', 'tally', null, make('span', 'name', name), bar, make('b', '', counts[name]));
    }));
  }

  function isNow(call) {
    return ['calling', 'ringing', 'talking'].indexOf(call.state) >= 0;
  }

  function showCalls(calls) {
    var failed = calls.filter(function (call) { return call.state === 'failed'; });

    byId('count-open').textContent = calls.filter(isNow).length;
    byId('count-answered').textContent = calls.filter(function (call) { return call.state === 'answered'; }).length;
    byId('count-failed').textContent = failed.length;
    fill('failures', rowsOf(failed.slice(0, 20), 'f', explained));
    fill('calls', rowsOf(calls.slice(0, 50), 'c', function () { return null; }));
    tally('by-code', failed, function (call) { return call.code ? call.code + ' ' + call.phrase : ''; });
    tally('by-cause', failed, function (call) { return call.why ? call.why.text : ''; });
  }

  function showRegistrations(list, isCut) {
    byId('count-registered').textContent = list.length + (isCut ? '+' : '');
    fill('registrations', list.slice(0, 50).map(function (contact) {
      return make('li', 'contact', null, make('span', 'who', contact.aor), make('code', '', contact.uri),
                  make('span', 'source', contact.source), make('span', 'how', remaining(contact.expires_in)));
    }));
  }

  // What changed was told, and what is there now is asked for: at most once at a time.
  function refresh() {
    timer = 0;
    if (isBusy) {
      isStale = true;
      return;
    }
    isBusy = true;
    Promise.all([json('calls?limit=' + LISTED).then(showCalls),
                 ask('registrations?limit=' + LISTED).then(function (answer) {
                   return answer.json().then(function (list) { showRegistrations(list, answer.headers.has('Link')); });
                 })])
      .catch(function () { /* the stream of events ends too, and says so */ })
      .then(function () {
        isBusy = false;
        document.body.dataset.shown = 'true';
        if (isStale) {
          isStale = false;
          soon();
        }
      });
  }

  function soon() {
    timer = timer || setTimeout(refresh, WAIT);
  }

  // Events. A browser's EventSource cannot give a token, so they are read as what they are: lines.
  function listen() {
    ask('events').then(function (answer) {
      var reader = answer.body.getReader();

      state('connected');
      refresh();
      (function next() {
        reader.read().then(function (piece) {
          if (piece.done)
            throw new Error('ended');
          if (new TextDecoder().decode(piece.value).indexOf('event:') >= 0)
            soon();
          next();
        }).catch(again);
      })();
    }).catch(function (error) {
      if (error.status !== 401)
        again();
      else
        byId('state').textContent = '';
    });
  }

  function again() {
    state('lost');
    setTimeout(listen, PAUSE);
  }

  byId('token').addEventListener('submit', function (event) {
    event.preventDefault();
    sessionStorage.setItem('token', byId('secret').value.trim());
    listen();
  });
  listen();
})();
