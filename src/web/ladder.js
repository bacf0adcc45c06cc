// Ladders: drawn from the API as diag/ladder_svg.c draws them on pages. Texts of peers are set as text.
(function () {
  'use strict';

  var SVG = 'http://www.w3.org/2000/svg';

  function draw(svg, tag, kind, fields, text) {
    var element = document.createElementNS(SVG, tag);

    element.setAttribute('class', kind);
    Object.keys(fields).forEach(function (name) { element.setAttribute(name, fields[name]); });
    if (text !== undefined)
      element.textContent = text;
    svg.appendChild(element);
  }

  function cut(text, columns) {
    return text.length > columns ? text.slice(0, Math.max(columns - 1, 1)) + '…' : text;
  }

  function toneOf(line) {
    var digit = /^[1-6]\d\d /.test(line) ? line[0] : '';

    return {1: ' going', 2: ' good', 3: ' turn', 4: ' bad', 5: ' bad', 6: ' bad'}[digit] || '';
  }

  // A text in lines of so many columns.
  function wrap(text, columns) {
    return text.split(/\s+/).reduce(function (lines, word) {
      var last = lines.length - 1;

      if (lines[last].length + word.length < columns)
        lines[last] += (lines[last] ? ' ' : '') + word;
      else
        lines.push(word);
      return lines;
    }, ['']).filter(Boolean).map(function (line) { return cut(line, columns); });
  }

  function heightOf(line, columns) {
    return line.from === line.to ? 15 + 19 * wrap(line.line, columns).length : 34 + 17 * line.facts.length;
  }

  function remark(svg, line, columns, y) {
    wrap(line.line, columns).forEach(function (part, i) {
      draw(svg, 'text', 'remark', {x: 72, y: y + 20 + 19 * i}, part);
    });
  }

  function arrow(svg, line, from, to, y, width) {
    var end = from < to ? -8 : 8, tone = toneOf(line.line), left = Math.min(from, to);

    draw(svg, 'text', 'when', {x: 54, y: y + 4}, Number(line.time).toFixed(3));
    draw(svg, 'text', 'label' + tone, {x: (from + to) / 2, y: y - 7}, cut(line.line, Math.abs(to - from) / 8.5 - 1));
    draw(svg, 'path', 'arrow' + tone, {d: 'M' + from + ' ' + y + 'H' + to + 'm' + end + ' -4l' + -end + ' 4l' + end + ' 4'});
    line.facts.forEach(function (fact, i) {
      draw(svg, 'text', 'fact', {x: left + 12, y: y + 4 + 17 * (i + 1)}, cut(fact, (width - left - 12) / 7.3));
    });
  }

  // The lines of a call, as the API has them; name: for who cannot see it.
  window.tandemLadder = function (lines, name) {
    var svg = document.createElementNS(SVG, 'svg');
    var parties = [];
    var y = 40, gap;

    lines.forEach(function (line) {
      [line.from, line.to].forEach(function (party) {
        if (party !== null && parties.indexOf(party) < 0)
          parties.push(party);
      });
    });
    gap = parties.length > 3 ? 180 : 230;
    var width = Math.max(66 + gap * parties.length, 640);
    var columns = Math.floor((width - 90) / 7.5);
    function x(party) {
      return 66 + gap * parties.indexOf(party) + gap / 2;
    }

    var height = lines.reduce(function (sum, line) {
      return sum + heightOf(line, columns);
    }, 56);
    parties.forEach(function (party) {
      draw(svg, 'text', 'party', {x: x(party), y: 18}, cut(party, gap / 8));
      draw(svg, 'path', 'lane', {d: 'M' + x(party) + ' 30V' + (height - 8)});
    });
    lines.forEach(function (line) {
      if (line.from === line.to)
        remark(svg, line, columns, y);
      else
        arrow(svg, line, x(line.from), x(line.to), y + 24, width);
      y += heightOf(line, columns);
    });
    svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
    svg.setAttribute('width', width);
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', name);
    return svg;
  };
})();
