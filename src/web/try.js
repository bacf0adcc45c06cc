// The button of a page of the reference: places the call that the page is about against the lab of this server, and
// draws what is seen of it, until it is over.
(function () {
  'use strict';

  var PAUSE = 300, SECONDS = 40, REST = 6; // looks without a change until it is over
  var room = document.getElementById('try');
  var said = document.getElementById('tried');
  var shown = document.getElementById('try-ladders');
  var turn = 0; // of the button: an older call is not looked at any more

  function ask(path, method) {
    var secret = sessionStorage.getItem('token');

    return fetch('../../api/v1/' + path, {method: method || 'GET', cache: 'no-store',
                                          headers: secret ? {Authorization: 'Bearer ' + secret} : {}})
      .then(function (answer) {
        return answer.json().then(function (value) {
          if (!answer.ok)
            throw new Error(value.detail);
          return value;
        });
      });
  }

  function figure(call) {
    var figure = document.createElement('figure'), caption = document.createElement('figcaption');

    caption.textContent = call.from + ' → ' + call.to;
    figure.className = 'ladder';
    figure.append(caption, window.tandemLadder(call.ladder, caption.textContent));
    return figure;
  }

  // All calls of one who calls nobody else, the first one first.
  function look(from) {
    return ask('calls?limit=100').then(function (calls) {
      return Promise.all(calls.filter(function (call) { return call.from === from; }).reverse()
        .map(function (call) { return ask('calls/' + call.id + '?lang=' + document.documentElement.lang); }));
    });
  }

  function isOver(calls) {
    return calls.length > 0 && calls.every(function (call) {
      return ['calling', 'ringing', 'talking'].indexOf(call.state) < 0;
    });
  }

  function watch(from, mine, before, rest, end) {
    if (mine !== turn)
      return;
    look(from).then(function (calls) {
      var now = calls.map(function (call) { return call.messages; }).join();

      if (now !== before)
        shown.replaceChildren.apply(shown, calls.map(figure));
      rest = now === before && isOver(calls) ? rest - 1 : REST;
      if (rest > 0 && Date.now() < end)
        setTimeout(watch, PAUSE, from, mine, now, rest, end);
      else
        said.textContent = '';
    }).catch(tell);
  }

  function tell(error) {
    said.textContent = room.dataset.wrong + ' ' + error.message;
  }

  room.addEventListener('click', function (event) {
    var code = event.target.dataset.code;

    if (!code)
      return;
    turn++;
    said.textContent = room.dataset.wait;
    shown.replaceChildren();
    ask('demo/' + code, 'POST').then(function (call) {
      watch(call.from, turn, '', REST, Date.now() + 1000 * SECONDS);
    }).catch(tell);
  });
  room.hidden = false;
})();
