// Money is a BigInt of planks everywhere; these are its units and how it is shown.

export const FLT_DECIMALS = 18;
export const USDC_DECIMALS = 6;

const planks = (decimals) => (text) => {
	const [whole, fraction = ''] = String(text).split('.');
	return BigInt(whole + fraction.padEnd(decimals, '0'));
};

/** Planks of FLT: `flt('2.5')`. */
export const flt = planks(FLT_DECIMALS);
/** Planks of USDC. */
export const usdc = planks(USDC_DECIMALS);

/** Dollars with the 7 decimals that prices of FLT have. */
export const usd = planks(7);

/** The asset that deals of the demonstration are paid in, and its number in `pallet-assets`. */
export const USDC_ID = 1;
export const USDC = { WithId: USDC_ID };

/** An amount with all its digits, grouped: `1,000.000001`. */
export function show(amount, decimals) {
	const sign = amount < 0n ? '-' : '';
	const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
	const whole = digits.slice(0, -decimals).replace(/\B(?=(\d{3})+$)/g, ',');
	const fraction = digits.slice(-decimals).replace(/0+$/, '');
	return `${sign}${whole}${fraction && `.${fraction}`}`;
}

export const showFlt = (amount) => `${show(amount, FLT_DECIMALS)} FLT`;
export const showUsdc = (amount) => `${show(amount, USDC_DECIMALS)} USDC`;
export const showUsd = (amount) => `${show(amount, 7)} USD`;
