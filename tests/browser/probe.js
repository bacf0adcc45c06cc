// Runs on a page of frames; leaves a list with what was found in each.
'use strict';

function channels(colour) {
  return colour.match(/[\d.]+/g).map(Number);
}

function luminance(rgb) {
  var linear = rgb.slice(0, 3).map(function (value) {
    var c = value / 255;

    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  });

  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function contrast(a, b) {
  var high = Math.max(luminance(a), luminance(b)), low = Math.min(luminance(a), luminance(b));

  return (high + 0.05) / (low + 0.05);
}

// The ground that is seen behind an element.
function groundOf(element) {
  for (; element; element = element.parentElement) {
    var ground = channels(element.ownerDocument.defaultView.getComputedStyle(element).backgroundColor);

    if (ground.length < 4 || ground[3] > 0)
      return ground;
  }
  return [0, 0, 0]; // none was set: wrong in any scheme
}

// Texts that are harder to read than WCAG 2.2, 1.4.3 allows. What is large or bold is held to the same.
function faintTexts(doc) {
  var walk = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT), faint = [], count = 0;

  while (walk.nextNode()) {
    var parent = walk.currentNode.parentElement;

    if (!walk.currentNode.data.trim() || !parent.getClientRects().length)
      continue;
    count++;
    if (contrast(channels(doc.defaultView.getComputedStyle(parent).color), groundOf(parent)) < 4.5)
      faint.push(walk.currentNode.data.trim().slice(0, 60));
  }
  return {count: count, faint: faint};
}

// Numbers of codes that are broken into several lines.
function brokenNumbers(doc) {
  return Array.prototype.filter.call(doc.querySelectorAll('b, .number'), function (element) {
    var range = doc.createRange();

    range.selectNodeContents(element);
    return range.getClientRects().length > 1;
  }).map(function (element) { return element.textContent; });
}

function box(element) {
  var rect = element.getBoundingClientRect();

  return {left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom};
}

function boxes(doc, selector) {
  return Array.prototype.map.call(doc.querySelectorAll(selector), box);
}

// Code, and what stands on arrows, that is not in a font whose letters have one width.
function uneven(doc) {
  return Array.prototype.filter.call(doc.querySelectorAll('code, .label, .fact'), function (element) {
    return !/monospace/.test(doc.defaultView.getComputedStyle(element).fontFamily);
  }).map(function (element) { return element.textContent; });
}

function look(frame) {
  var doc = frame.contentDocument, root = doc.documentElement;
  var shown = doc.querySelectorAll('li[data-code]:not([hidden])');
  var found = doc.getElementById('found');
  var texts = faintTexts(doc);

  return {
    page: frame.dataset.page, width: frame.clientWidth, lang: root.lang, title: doc.title,
    broken: brokenNumbers(doc), uneven: uneven(doc),
    tooWide: root.scrollWidth > root.clientWidth,
    ground: luminance(groundOf(doc.body)), texts: texts.count, faint: texts.faint,
    wordBreak: frame.contentWindow.getComputedStyle(doc.querySelector('p')).wordBreak,
    heads: boxes(doc, 'div.side'), facts: boxes(doc, 'aside.facts'), text: boxes(doc, '.code .text'),
    codes: Array.prototype.filter.call(shown, function (item) { return item.getClientRects().length; })
      .map(function (item) { return Number(item.dataset.code); }),
    found: found ? found.textContent : '',
    link: found && found.querySelector('a') ? found.querySelector('a').getAttribute('href') : ''
  };
}

// Where a frame is; what is not there leads to a page of Chromium's own, which must not be looked at.
function addressOf(frame) {
  try {
    return frame.contentWindow.location.href;
  } catch (error) {
    return String(error);
  }
}

// Chooses two codes and presses the button; the page that comes is told too.
function compare(frame, done) {
  var form = frame.contentDocument.getElementById('pair');

  form.elements.a.value = '600';
  form.elements.b.value = '486';
  frame.addEventListener('load', function () { done(addressOf(frame)); });
  form.requestSubmit();
}

addEventListener('load', function () {
  var frames = Array.prototype.slice.call(document.querySelectorAll('iframe'));
  var result = {frames: frames.map(look)};

  compare(frames[0], function (address) {
    result.compared = address;
    document.getElementById('result').textContent = JSON.stringify(result);
  });
});
