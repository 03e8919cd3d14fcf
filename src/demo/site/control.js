// Shows the newest rows of the demo's tables, once a second. Everything from a beacon is put in as text.
const element = (name, text, className) => {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
};
const number = (value, unit) => (value === null ? '–' : `${Math.round(value * 1000) / 1000}${unit}`);

const drawTable = ({ tenant, table, total, rows }) => {
  const card = element('section', undefined, 'card scroll');
  card.dataset.tenant = tenant;
  card.dataset.total = String(total);
  card.append(element('h2', tenant), element('p', `${total} rows in ${table}`, 'soft'));
  if (rows.length === 0) {
    card.append(element('p', 'No row yet. Visit the site above: the first one takes about a second.'));
    return card;
  }
  const grid = element('table');
  const head = element('tr');
  for (const title of ['received', 'kind', 'page', 'LCP', 'INP', 'CLS']) head.append(element('th', title));
  grid.append(head);
  for (const row of rows) {
    const line = element('tr');
    const cells = [
      row.receivedAt,
      row.eventType,
      row.path,
      number(row.lcp, ' ms'),
      number(row.inp, ' ms'),
      number(row.cls, ''),
    ];
    for (const cell of cells) line.append(element('td', cell));
    grid.append(line);
  }
  card.append(grid);
  return card;
};

const refresh = async () => {
  const state = document.querySelector('#state');
  try {
    const answer = await fetch('/demo/live.json');
    if (!answer.ok) throw new Error(await answer.text());
    const live = await answer.json();
    document.querySelector('#tables').replaceChildren(...live.tables.map(drawTable));
    document.querySelector('#count-unknown').textContent = String(live.folders.unknown);
    document.querySelector('#count-expired').textContent = String(live.folders.expired);
    state.textContent = `Looked at ${new Date().toLocaleTimeString()}`;
  } catch (error) {
    state.textContent = `No answer: ${error.message}`;
  }
  setTimeout(refresh, 1000);
};
refresh();
