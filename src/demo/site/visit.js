// One unguessable id for this browser's visits: its beacons carry it, and the control page asks for the rows that have it.
window.demoVisit = (() => {
  const known = localStorage.getItem('demo.visit') ?? '';
  if (/^[0-9a-f]{32}$/.test(known)) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const made = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  localStorage.setItem('demo.visit', made);
  return made;
})();
