// Shows what became of this browser's own beacons, once a second while somebody looks. Everything from a beacon is put in as text.
const ONE_SECOND = 1000;
/** Looks for which a beacon that has just arrived is marked. */
const NEW_FOR = 10;

const element = (name, text, className) => {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
};
/** Long names end their lines behind `_` and `/`. */
const breakable = (text) =>
  text.split(/(?<=[_/])(?=.)/).flatMap((part, at) => (at === 0 ? [part] : [element('wbr'), part]));
const milliseconds = (value) => (typeof value === 'number' ? `${Math.round(value)} ms` : '–');
const shift = (value) => (typeof value === 'number' ? value.toFixed(3) : '–');

/** Title (shown on narrow screens), text, and whether it is a number. */
const cellsOf = (beacon) => [
  ['Time', new Date(beacon.at).toLocaleTimeString()],
  ['Where it is', beacon.place.endsWith('/') ? `archived in ${beacon.place}` : beacon.place],
  ['Page', beacon.path || '–'],
  ['Event', beacon.eventType ?? '–'],
  ['Navigation', beacon.navigationType || '–'],
  ['LCP', milliseconds(beacon.lcp), 'number'],
  ['INP', milliseconds(beacon.inp), 'number'],
  ['CLS', shift(beacon.cls), 'number'],
  ['TTFB', milliseconds(beacon.ttfb), 'number'],
];

const drawRow = (beacon) => {
  const row = element('tr');
  row.setAttribute('role', 'row');
  row.dataset.place = beacon.place;
  for (const [title, text, className] of cellsOf(beacon)) {
    const cell = element('td', undefined, className);
    cell.append(...breakable(text));
    cell.setAttribute('role', 'cell');
    cell.dataset.title = title;
    row.append(cell);
  }
  return row;
};

/** Rows that are there, by what tells their beacons apart; `left`: looks for which one is still new. */
const rows = new Map();
/** What an earlier look at this page has shown: it is not new after a visit to another page. */
const seen = new Set(JSON.parse(sessionStorage.getItem('demo.seen') ?? '[]'));

const markNew = (row) => {
  row.classList.add('new');
  row.firstChild.append(' ', element('b', 'new', 'mark'));
};
const markOld = (row) => {
  row.classList.remove('new');
  row.querySelector('.mark')?.remove();
};

const drawBeacons = (beacons) => {
  const body = document.querySelector('#beacons tbody');
  const keys = new Set();
  const arrived = [];
  const drawn = beacons.map((beacon) => {
    let key = `${beacon.at} ${beacon.place} ${beacon.path} ${beacon.eventType ?? ''}`;
    while (keys.has(key)) key += '+';
    keys.add(key);
    let entry = rows.get(key);
    if (entry === undefined) {
      entry = { row: drawRow(beacon), left: seen.has(key) ? 0 : NEW_FOR };
      rows.set(key, entry);
      seen.add(key);
      if (entry.left > 0) {
        markNew(entry.row);
        arrived.push(beacon);
      }
    } else if (entry.left > 0 && --entry.left === 0) markOld(entry.row);
    return entry.row;
  });
  for (const key of [...rows.keys()].filter((known) => !keys.has(known))) rows.delete(key);
  for (const [at, row] of drawn.entries())
    if (body.children[at] !== row) body.insertBefore(row, body.children[at] ?? null);
  while (body.children.length > drawn.length) body.lastChild.remove();
  sessionStorage.setItem('demo.seen', JSON.stringify([...seen].slice(-200)));
  const isThere = beacons.length > 0;
  document.querySelector('#empty').hidden = isThere;
  document.querySelector('#beacons').hidden = !isThere;
  document.querySelector('#waiting').hidden = !beacons.some(({ place }) => place.endsWith('/'));
  if (arrived.length > 0)
    document.querySelector('#arrivals').textContent =
      arrived.length === 1 ? `A new beacon: ${arrived[0].place}` : `${arrived.length} new beacons`;
};

const drawTables = (tables) => {
  const parts = tables.map(({ tenant, table, total }) => {
    const part = element('div');
    part.dataset.tenant = tenant;
    part.dataset.total = String(total);
    part.append(element('dt', table), element('dd', total.toLocaleString()));
    return part;
  });
  document.querySelector('#tables').replaceChildren(...parts);
};

const look = async () => {
  const state = document.querySelector('#state');
  try {
    const answer = await fetch(`/demo/live.json?visit=${window.demoVisit}`);
    if (!answer.ok) throw new Error(await answer.text());
    const { tables, beacons } = await answer.json();
    drawBeacons(beacons);
    drawTables(tables);
    state.textContent = `Looked at ${new Date().toLocaleTimeString()}.`;
  } catch (error) {
    state.textContent = `No answer: ${error.message}. It is tried again.`;
  }
};

let timer = 0;
const lookAgain = async () => {
  clearTimeout(timer);
  timer = 0;
  if (document.hidden) return;
  await look();
  clearTimeout(timer);
  timer = setTimeout(lookAgain, ONE_SECOND);
};
document.addEventListener('visibilitychange', lookAgain);
addEventListener('pageshow', lookAgain);
