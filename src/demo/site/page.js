// What makes the demo pages worth measuring: late content that shifts the layout, slow handlers, routes without a load, errors.
const busy = (ms) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

// A banner without reserved space: a layout shift of everything below it.
setTimeout(() => {
  const banner = document.createElement('p');
  banner.className = 'banner';
  banner.textContent = 'Free delivery this week, and a newsletter that nobody asked for';
  document.querySelector('main')?.prepend(banner);
}, 600);

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target.closest('[data-action]') : null;
  if (!target) return;
  if (target.dataset.action === 'cart') {
    busy(240);
    document.querySelector('#cart').textContent = String(
      Number(document.querySelector('#cart').textContent) + 1,
    );
  }
  if (target.dataset.action === 'route') {
    event.preventDefault();
    history.pushState({}, '', target.getAttribute('href'));
    fetch('/demo/pictures/route-640x360.svg')
      .then((answer) => answer.text())
      .then((svg) => {
        const view = document.querySelector('#view');
        view.innerHTML = svg;
        view.append(`You are at ${location.pathname}, without a page load.`);
      });
  }
  if (target.dataset.action === 'error') throw new Error('the demo shop is out of chairs');
});
