import { useApp } from './app-state.ts';
import {
  type Ordering,
  readChoice,
  readCount,
  readNames,
  readOrdering,
  writeNames,
  writeOrdering,
} from './extra.ts';
import type { Router } from './router.ts';

type Options = Parameters<Router['setExtra']>[1];

/** A choice in the address and how to change it; each change is one step for "back", unless `replace` says otherwise. */
export type Extra<Value> = readonly [value: Value, set: (value: Value, options?: Options) => void];

/** A text of the page's own under a name in the address, for what people type; empty: not there. Typing leaves no steps for "back". */
export const useExtraText = (name: string): Extra<string> => {
  const { router } = useApp();
  return [
    router.address.value.extra[name] ?? '',
    (text) => router.setExtra({ [name]: text === '' ? null : text }, { replace: true }),
  ];
};

/** One of some choices under a name in the address. */
export const useExtra = <Value extends string>(
  name: string,
  usual: NoInfer<Value>,
  known: readonly Value[],
): Extra<Value> => {
  const { router } = useApp();
  return [
    readChoice(router.address.value.extra[name], usual, known),
    (value, options) => router.setExtra({ [name]: value === usual ? null : value }, options),
  ];
};

/** A number of rows under a name in the address. */
export const useExtraCount = (name: string, usual: number, most: number): Extra<number> => {
  const { router } = useApp();
  return [
    readCount(router.address.value.extra[name], usual, most),
    (count, options) => router.setExtra({ [name]: count === usual ? null : String(count) }, options),
  ];
};

/** Names (of groups that are opened, of lines that are put away) under a name in the address. */
export const useExtraNames = (name: string): Extra<ReadonlySet<string>> => {
  const { router } = useApp();
  return [
    readNames(router.address.value.extra[name]),
    (names, options) => router.setExtra({ [name]: writeNames(names) }, options),
  ];
};

/** An order by one of some columns under a name in the address. */
export const useExtraOrdering = <By extends string>(
  name: string,
  usual: Ordering<NoInfer<By>>,
  known: readonly By[],
): Extra<Ordering<By>> => {
  const { router } = useApp();
  return [
    readOrdering(router.address.value.extra[name], usual, known),
    (ordering, options) => {
      const text = writeOrdering(ordering);
      router.setExtra({ [name]: text === writeOrdering(usual) ? null : text }, options);
    },
  ];
};
