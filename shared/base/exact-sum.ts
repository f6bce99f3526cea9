import Big from 'big.js';

/** Shares are added as whole numbers of this many places. */
const PLACES = 15;

/** Texts that have no more places, and no exponent. */
const PLAIN = /^\d*\.?\d*$/;
const PLAIN_LENGTH = PLACES + 1;

/**
 * Returns the sum of decimals as their texts have them. Shares of a few digits, which inputs have by the hundred thousand, are added
 * as whole numbers: that takes a twentieth of the time.
 */
export function exactSum(texts: readonly string[]): Big {
  let units = 0;
  for (const text of texts) {
    const value = Number(text);
    if (text.length > PLAIN_LENGTH || value > 1 || !PLAIN.test(text)) return sumOfDecimals(texts);
    // A number up to 1 is so close to its decimal that this rounds to the decimal's digits.
    units += Math.round(value * 10 ** PLACES);
  }
  return Number.isSafeInteger(units) ? new Big(`${String(units)}e-${String(PLACES)}`) : sumOfDecimals(texts);
}

function sumOfDecimals(texts: readonly string[]): Big {
  return texts.reduce((sum, text) => sum.plus(text), new Big(0));
}
