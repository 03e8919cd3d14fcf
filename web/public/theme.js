// Before the first paint, so that nobody who chose dark sees a white flash. A file of its own, because the content security policy allows no inline script.
try {
  const theme = localStorage.getItem('rumbrella.theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
  // No storage: the system's theme.
}
