// The market that the play leaves, as tables.

import { FLT_DECIMALS, show, showFlt, showUsdc, USDC_DECIMALS } from './lib/amounts.js';
import { Ledger } from './lib/ledger.js';

const signed = (amount, decimals) => `${amount > 0n ? '+' : ''}${show(amount, decimals)}`;

export function summary(play, screen) {
	screen.table(
		'Servers',
		['server', 'provider', 'units', 'asks', 'unit-epochs proven', 'served'],
		play.servers.map(({ name, provider, units, asks = [], proven, served }) => [
			name,
			provider.name,
			units.length,
			asks.map(({ price }) => showUsdc(price)).join(', '),
			proven,
			served,
		]),
	);
	screen.table(
		'Commitments',
		['server', 'staked by', 'epochs', 'commission', 'earned', 'of deals', 'delegators got'],
		play.servers.map(({ name, stakers, end, commission, dealShare }) => [
			name,
			stakers.map((key) => play.people[key].name).join(', '),
			`2 to ${end - 1}`,
			`${commission} %`,
			showFlt(play.ledger.earned(name)),
			`${dealShare} %`,
			showUsdc(play.ledger.income(name)),
		]),
	);
	screen.table(
		'Deals',
		[
			'deal',
			'developer',
			'application',
			'units',
			'epochs',
			'escrowed',
			'unit-epochs',
			'paid',
			'refunded',
		],
		play.deals.map(({ id, offer, start, end, allocations, unitEpochs, paid, refunded }) => [
			id,
			offer.developer.name,
			offer.application,
			allocations.map(({ server, units }) => `${units.length} × ${server.name}`).join(' + '),
			`${start} to ${end - 1}`,
			showUsdc(Ledger.escrow(offer)),
			unitEpochs,
			showUsdc(paid),
			showUsdc(refunded),
		]),
	);
	screen.table(
		'Accounts, compared with an independent calculation',
		['account', 'role', 'FLT', 'change', 'USDC', 'change'],
		play.balances.map(({ name, role, flt, usdc, before }) => [
			name,
			role,
			show(flt, FLT_DECIMALS),
			signed(flt - before.FLT, FLT_DECIMALS),
			show(usdc, USDC_DECIMALS),
			signed(usdc - before.USDC, USDC_DECIMALS),
		]),
	);
	const wrong = play.checks.filter(({ actual, expected }) => actual !== expected);
	console.log(`\n${play.checks.length} comparisons, ${wrong.length} of them wrong.`);
	for (const { name, actual, expected } of wrong) console.log(`  ${name}: ${actual}, not ${expected}`);
}
