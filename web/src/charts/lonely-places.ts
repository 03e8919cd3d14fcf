/** Places of values between two gaps (null): a line through the values shows nothing of them. */
export const lonelyPlaces = (values: ArrayLike<number | null | undefined>): readonly number[] =>
  Array.from(values, (_, place) => place).filter(
    (place) => isThere(values[place]) && !isThere(values[place - 1]) && !isThere(values[place + 1]),
  );

const isThere = (value: number | null | undefined): boolean => value !== null && value !== undefined;
