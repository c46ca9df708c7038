// What servers are and can do: what governance lists, providers declare, attestors vouch for and developers ask for.

import assert from 'node:assert/strict';
import { stringToHex } from '@polkadot/util';
import { USDC, usdc } from '../lib/amounts.js';
import { attributes, mask } from '../lib/units.js';
import { AVX2, CHEAP, DEAR } from './stand.js';

export const CLASS = 5; // a class of hardware that governance names
const RETIRED = 4; // one that it retires
const LINK = 40; // an attribute that it describes
const NVME = 20; // one that it retires
const NONE = attributes();

/** What is said of machines, in any epoch. */
export async function declare(t, stand) {
	const attest = ({ id }, ...which) => stand.tx.providers.attest(id, attributes(...which));
	const server = ({ id }) => stand.market.read('providers', 'servers', id);

	await t.test(
		'governance names hardware classes, describes attributes and appoints attestors',
		async () => {
			const { bob, dave, grace } = stand.people;
			const { providers } = stand.tx;
			const name = (number, label) => providers.setHardwareClass(number, label);
			const describe = (id, info) => providers.setAttribute(id, info);
			const link = { kind: 'Feature', name: 'fast link', cid: null };
			const [receipts] = await Promise.all([
				stand.govern(
					name(CLASS, 'x86-64, with a link'),
					name(RETIRED, null),
					describe(LINK, link),
					describe(NVME, null),
					providers.setAttestor(dave.address, attributes(LINK)),
					providers.setAttestor(grace.address, attributes(AVX2)),
				),
				stand.refuse(bob, name(CLASS, 'the best there is'), 'BadOrigin'),
				stand.refuse(bob, describe(LINK, link), 'BadOrigin'),
				stand.refuse(bob, providers.setAttestor(bob.address, attributes(LINK)), 'BadOrigin'),
			]);
			const told = (i, event) => receipts[i].event(`providers.${event}`);
			const label = stringToHex('x86-64, with a link');
			const info = { ...link, name: stringToHex(link.name) };
			assert.deepEqual(told(0, 'HardwareClassNamed'), { class: CLASS, name: label });
			assert.deepEqual(told(1, 'HardwareClassRetired'), { class: RETIRED });
			assert.deepEqual(told(2, 'AttributeDescribed'), { attribute: LINK, info });
			assert.deepEqual(told(3, 'AttributeRetired'), { attribute: NVME });
			const appointed = { attestor: dave.address, attributes: attributes(LINK) };
			assert.deepEqual(told(4, 'AttestorSet'), appointed);
			assert.deepEqual(await stand.market.read('providers', 'attributeInfos', LINK), info);
			assert.equal(await stand.market.read('providers', 'hardwareClasses', RETIRED), null);
		},
	);

	await t.test('providers declare hardware and attributes', async () => {
		const { bob, charlie } = stand.people;
		const { providers } = stand.tx;
		const { north, south } = stand;
		const hardware = (server, number) => providers.declareHardware(server.id, number);
		const declared = attributes(AVX2, LINK);
		const [, , , , ofNorth, ofSouth, can] = await Promise.all([
			stand.refuse(bob, hardware(north, RETIRED), 'providers.UnknownHardwareClass'),
			stand.refuse(charlie, hardware(north, CLASS), 'providers.NotOwner'),
			stand.refuse(
				bob,
				providers.declareAttributes(north.id, attributes(NVME)),
				'providers.UnknownAttribute',
			),
			stand.refuse(charlie, providers.declareAttributes(north.id, declared), 'providers.NotOwner'),
			stand.act(bob, hardware(north, CLASS)),
			stand.act(charlie, hardware(south, CLASS)),
			stand.act(bob, providers.declareAttributes(north.id, declared)),
		]);
		for (const [receipt, { id }] of [
			[ofNorth, north],
			[ofSouth, south],
		])
			assert.deepEqual(receipt.event('providers.HardwareDeclared'), { server: id, class: CLASS });
		const told = can.event('providers.AttributesDeclared');
		assert.deepEqual(told, { server: north.id, attributes: declared, attested: NONE });
		const record = await server(north);
		assert.equal(record.hardware, CLASS);
		assert.deepEqual(record.attributes, declared);
	});

	await t.test('attestors vouch for what is declared, as far as they may', async () => {
		const { dave, grace, ferdie } = stand.people;
		const { north, south } = stand;
		const [, , , link, avx2] = await Promise.all([
			stand.refuse(ferdie, attest(north, LINK), 'providers.NotAttestor'),
			stand.refuse(dave, attest(south, LINK), 'providers.NotDeclared'),
			stand.refuse(dave, attest(north, AVX2), 'providers.MayNotAttest'),
			stand.act(dave, attest(north, LINK)),
			stand.act(grace, attest(north, AVX2)),
		]);
		const told = (receipt) => receipt.event('providers.Attested');
		const word = { server: north.id, attestor: dave.address, attributes: attributes(LINK) };
		assert.deepEqual(told(link), word);
		assert.deepEqual(told(avx2).attributes, attributes(AVX2));
		assert.deepEqual((await server(north)).attested, attributes(AVX2, LINK));
	});

	await t.test('anybody drops the attestation of one who may attest no more', async () => {
		const { grace, ferdie } = stand.people;
		const { providers } = stand.tx;
		const { north } = stand;
		const drop = providers.dropAttestation(north.id, grace.address);
		await stand.refuse(ferdie, drop, 'providers.AttestationStands');
		const [removed] = await stand.govern(providers.setAttestor(grace.address, NONE));
		assert.deepEqual(removed.event('providers.AttestorRemoved'), { attestor: grace.address });
		const [dropped] = await Promise.all([
			stand.act(ferdie, drop),
			stand.refuse(ferdie, drop, 'providers.UnknownAttestation'),
		]);
		const told = { server: north.id, attestor: grace.address, attributes: NONE };
		assert.deepEqual(dropped.event('providers.AttestationDropped'), told);
		assert.deepEqual((await server(north)).attested, attributes(LINK));
	});

	await t.test('nothing is declared of a server while it has an ask', async () => {
		const { north, south } = stand;
		const { declareHardware, declareAttributes } = stand.tx.providers;
		south.deposits = await stand.deposits(south.provider);
		await Promise.all([
			stand.offer(north, CHEAP),
			stand.offer(south, DEAR),
			stand.refuse(north.provider, declareHardware(north.id, 0), 'providers.HasAsks'),
			stand.refuse(north.provider, declareAttributes(north.id, NONE), 'providers.HasAsks'),
		]);
	});
}

/** What that is good for, once units are for sale. */
export async function sell(t, stand) {
	const { market, north, south } = stand;
	/** Three units of the class, with a link that somebody vouches for. */
	const request = (min) => ({
		asset: USDC,
		maxPrice: usdc(4),
		units: { min, target: 3 },
		term: 2,
		placement: { providers: 'Any', hardware: CLASS, attested: attributes(LINK) },
		attributes: NONE,
	});
	const unattested = async (min) => {
		const { matches, exclusions } = await market.ask('explain', request(min));
		return { matches, ...exclusions.find(({ constraint }) => constraint === 'Attested') };
	};

	await t.test('a quote has units of the hardware class and with attested attributes only', async () => {
		const { fills, perEpoch, refused } = await market.ask('quote', request(1));
		assert.equal(refused, null);
		const got = fills.map((fill) => [fill.server, fill.units, fill.price]);
		assert.deepEqual(got, [[north.id, mask([0, 1]), CHEAP]]);
		assert.equal(perEpoch, 2n * CHEAP);
		const other = { ...request(1), placement: { providers: 'Any', hardware: 1 } };
		assert.deepEqual((await market.ask('quote', other)).fills, []);
	});

	await t.test('it is explained what attestations and the hardware class exclude', async () => {
		const { remedies } = await market.ask('explain', request(3));
		assert.deepEqual(await unattested(3), {
			matches: false,
			constraint: 'Attested',
			asks: 1,
			units: 1,
			unitsAlone: 1,
		});
		assert.deepEqual(remedies, [
			{ change: { Min: 2 }, units: 2, perEpoch: 2n * CHEAP, highestPrice: CHEAP },
			{ change: { Attested: NONE }, units: 3, perEpoch: 2n * CHEAP + DEAR, highestPrice: DEAR },
		]);
		const other = { ...request(1), placement: { providers: 'Any', hardware: 1 } };
		const { exclusions } = await market.ask('explain', other);
		const lacking = exclusions.find(({ constraint }) => constraint === 'Hardware');
		assert.deepEqual([lacking.asks, lacking.units], [2, 3]);
	});

	await t.test('an attestor that vouches for nothing revokes what it said', async () => {
		const { dave } = stand.people;
		const revoke = stand.tx.providers.attest(north.id, NONE);
		const [receipt] = await Promise.all([
			stand.act(dave, revoke),
			stand.refuse(dave, revoke, 'providers.UnknownAttestation'),
		]);
		const told = { server: north.id, attestor: dave.address, attributes: NONE };
		assert.deepEqual(receipt.event('providers.Attested'), told);
		assert.deepEqual(await unattested(1), {
			matches: false,
			constraint: 'Attested',
			asks: 2,
			units: 3,
			unitsAlone: 3,
		});
	});

	await t.test('an ask that is withdrawn leaves the book and gives its deposit back', async () => {
		const { charlie, bob } = stand.people;
		const { ask } = south;
		const withdraw = stand.tx.providers.withdrawAsk(ask);
		await stand.refuse(bob, withdraw, 'providers.NotOwner');
		const before = await stand.deposits(charlie);
		const [receipt] = await Promise.all([
			stand.act(charlie, withdraw),
			stand.refuse(charlie, withdraw, 'providers.UnknownAsk'),
		]);
		assert.deepEqual(receipt.event('providers.AskWithdrawn'), { askId: ask, server: south.id });
		const { asks } = await market.ask('orderBook', USDC, null, null);
		assert.deepEqual(
			asks.map((standing) => standing.ask),
			[north.ask],
		);
		assert.ok(before > south.deposits);
		assert.equal(await stand.deposits(charlie), south.deposits);
	});
}
