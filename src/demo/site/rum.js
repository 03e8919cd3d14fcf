// What a customer puts on a page, in the demo's form: who the beacons belong to, and Boomerang itself.
(() => {
  const traces = {
    shop: '0d3c1f5a-6b0e-4c56-9a43-5a0c7f1d8e01',
    news: '7b9e4a62-1f0d-4e8b-8c35-2d6f9b3a4c02',
    expired: 'c4a1d7e8-93b2-4f6a-b7d1-8e5f0a2b6d03',
    unknown: 'nobody-knows-this-trace',
  };
  const asked = new URLSearchParams(location.search).get('as') || sessionStorage.getItem('as');
  const as = asked in traces ? asked : location.pathname.startsWith('/demo/news') ? 'news' : 'shop';
  sessionStorage.setItem('as', as);

  // A page whose routes change without a load is measured in another way; only it pays for that.
  const hasRoutes = 'routes' in document.documentElement.dataset;
  window.BOOMR_CONFIG = {
    beacon_url: '/beacon/catcher',
    instrument_xhr: hasRoutes,
    autorun: !hasRoutes,
    SPA: { enabled: hasRoutes },
    History: { enabled: hasRoutes, auto: hasRoutes },
    Continuity: { enabled: true, afterOnload: true, afterOnloadMinWait: 0, monitorStats: true },
    ResourceTiming: { enabled: true, splitAtPath: true },
    Errors: { enabled: true, sendAfterOnload: true },
    EventTiming: { enabled: true },
    PaintTiming: { enabled: true },
  };
  document.addEventListener('onBoomerangLoaded', () => {
    window.BOOMR.addVar({
      brum_trace: traces[as],
      p_type: document.documentElement.dataset.page,
      p_gen: 'demo',
      // For the control page, which shows the rows of this browser alone.
      demo_visit: window.demoVisit,
    });
  });
  const script = document.createElement('script');
  script.src = '/demo/boomerang.js';
  script.async = true;
  document.head.append(script);
})();
