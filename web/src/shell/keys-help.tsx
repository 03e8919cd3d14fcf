import { CheckField } from '../parts/field.tsx';
import { useApp } from '../state/app-state.ts';
import './keys-help.css';

/** All keys that mean something now, in groups, and the switch for single letters. */
export const KeysHelp = () => {
  const { keys } = useApp();
  const groups = Map.groupBy(unique(keys.bindings.value), ({ group }) => group);
  return (
    <>
      <CheckField
        label="Single letters are shortcuts"
        hint="Switch them off when you speak instead of type."
        checked={keys.isOn.value}
        onValue={keys.setOn}
      />
      <div class="keys-help">
        {[...groups].map(([group, bindings]) => (
          <section key={group}>
            <h3>{group}</h3>
            <ul>
              {bindings.map(({ keys: names, words }) => (
                <li key={names}>
                  {words} <kbd>{keyWords(names)}</kbd>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
};

/** A later binding of the same keys wins. */
const unique = <Binding extends { readonly keys: string }>(
  bindings: readonly Binding[],
): readonly Binding[] => [...new Map(bindings.map((binding) => [binding.keys, binding])).values()];

const WORDS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  'shift+Escape': 'Shift Esc',
  'mod+k': /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K',
};

/** Keys as they stand on a keyboard: `G then O`. */
const keyWords = (names: string): string =>
  names
    .split(' ')
    .map((name) => WORDS[name] ?? name.toUpperCase())
    .join(' then ');
