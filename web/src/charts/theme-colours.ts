import { useEffect, useState } from 'preact/hooks';

/** What a canvas needs of the tokens; SVG and HTML take them from the style sheet. */
export interface ThemeColours {
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly good: string;
  readonly fair: string;
  readonly poor: string;
  readonly series: readonly string[];
  readonly font: string;
}

/** The colours in force where the element is; `light-dark()` is resolved by the browser, not by us. */
export const readColours = (element: HTMLElement): ThemeColours => {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const colour = (token: string): string => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    ink: colour('ink'),
    quiet: colour('ink-3'),
    line: colour('line'),
    good: colour('good-soft'),
    fair: colour('fair-soft'),
    poor: colour('poor-soft'),
    series: Array.from({ length: 8 }, (_, index) => colour(`series-${index + 1}`)),
    font: getComputedStyle(element).fontFamily,
  };
  probe.remove();
  return colours;
};

/** `rgb(…)` made transparent. */
export const withAlpha = (colour: string, alpha: number): string =>
  colour.startsWith('rgb(') ? `${colour.slice(0, -1).replace('rgb(', 'rgba(')}, ${alpha})` : colour;

/** A number that grows whenever the theme changes: by the system or by the person. */
export const useThemeVersion = (): number => {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = (): void => setVersion((before) => before + 1);
    const query = matchMedia('(prefers-color-scheme: dark)');
    query.addEventListener('change', changed);
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      query.removeEventListener('change', changed);
      observer.disconnect();
    };
  }, []);
  return version;
};
