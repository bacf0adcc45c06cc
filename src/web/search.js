// The search of an index, and its choice of two codes. texts.js has given window.tandemTexts: of each code the
// strings of its page, first phrase and title. Works below file: too.
(function () {
  'use strict';

  var form = document.getElementById('search');
  var input = document.getElementById('words');
  var found = document.getElementById('found');
  var pair = document.getElementById('pair');
  var items = Array.prototype.slice.call(document.querySelectorAll('li[data-code]'));
  var names = {}, texts = {};

  // "Tạm thời" is found by "tam thoi" too.
  function fold(text) {
    return text.toLowerCase().replace(/đ/g, 'd').normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '').normalize('NFC');
  }

  Object.keys(window.tandemTexts).forEach(function (code) {
    var all = window.tandemTexts[code];

    names[code] = fold(code + ' ' + all[0] + ' ' + all[1]);
    texts[code] = names[code] + ' ' + fold(all.join(' '));
  });

  function has(text, words) {
    return words.every(function (word) { return text.indexOf(word) >= 0; });
  }

  // Those whose name has all words; if there are none, those whose texts have them.
  function codesOf(words) {
    var codes = Object.keys(texts);
    var named = codes.filter(function (code) { return has(names[code], words); });

    return named.length ? named : codes.filter(function (code) { return has(texts[code], words); });
  }

  // "302 vs 580": the address of that page; else ''.
  function pairOf(text) {
    var two = /^\D*([1-6]\d\d)\D+([1-6]\d\d)\D*$/.exec(text);

    return two ? addressOf(two[1], two[2]) : '';
  }

  function addressOf(a, b) {
    var low = Math.min(a, b), high = Math.max(a, b);

    if (!texts[low] || !texts[high])
      return '';
    var sample = items[0].querySelector('a').getAttribute('href'); // as it ends here, with .html or not
    if (low === high)
      return sample.replace('100', low);
    return sample.replace('codes/100', 'compare/' + low + '-vs-' + high);
  }

  function show(codes) {
    items.forEach(function (item) {
      item.hidden = codes.indexOf(item.getAttribute('data-code')) < 0;
    });
    document.querySelectorAll('section.class').forEach(function (section) {
      section.hidden = !section.querySelector('li:not([hidden])');
    });
  }

  function link(address, text) {
    var a = document.createElement('a');

    a.href = address;
    a.textContent = text;
    return a;
  }

  function search() {
    var text = fold(input.value.trim());
    var address = pairOf(text);
    var codes = codesOf(text.split(/\s+/));

    found.textContent = '';
    if (address) {
      found.appendChild(link(address, input.value.trim()));
      show(Object.keys(texts));
      return;
    }
    show(codes);
    if (!codes.length)
      found.textContent = found.getAttribute('data-none');
    else if (text)
      found.textContent = codes.length + ' / ' + items.length;
  }

  form.addEventListener('submit', function (event) {
    var first = found.querySelector('a') || document.querySelector('li[data-code]:not([hidden]) a');

    event.preventDefault();
    if (first && input.value.trim())
      location.href = first.href;
  });
  pair.addEventListener('submit', function (event) {
    event.preventDefault();
    location.href = addressOf(pair.elements.a.value, pair.elements.b.value);
  });
  input.addEventListener('input', search);
  form.hidden = pair.hidden = false;
  input.value = new URLSearchParams(location.search).get('q') || '';
  search();
})();
