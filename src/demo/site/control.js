// Shows how many beacons of the demo's organizations are rows, once a second, and how many this browser sent for nobody.
const element = (name, text, className) => {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
};

const drawTable = ({ tenant, table, total }) => {
  const card = element('section', undefined, 'card');
  card.dataset.tenant = tenant;
  card.dataset.total = String(total);
  const count = element('p');
  count.append(element('span', String(total), 'count'), ` rows in ${table}`);
  card.append(element('h2', tenant), count);
  if (total === 0)
    card.append(
      element('p', 'No row yet. Visit the site above: the first one takes about a second.', 'soft'),
    );
  return card;
};

const refresh = async () => {
  const state = document.querySelector('#state');
  for (const kind of ['unknown', 'expired'])
    document.querySelector(`#count-${kind}`).textContent = localStorage.getItem(`demo.sent.${kind}`) ?? '0';
  try {
    const answer = await fetch('/demo/live.json');
    if (!answer.ok) throw new Error(await answer.text());
    const live = await answer.json();
    document.querySelector('#tables').replaceChildren(...live.tables.map(drawTable));
    state.textContent = `Looked at ${new Date().toLocaleTimeString()}`;
  } catch (error) {
    state.textContent = `No answer: ${error.message}`;
  }
  setTimeout(refresh, 1000);
};
refresh();
