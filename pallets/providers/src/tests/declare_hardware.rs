use super::*;
use crate::{Error, Server, Servers};
use frame_support::assert_noop;
use marketplace_testkit::{other_provider, MockBook};
use sp_runtime::traits::BadOrigin;

fn declare(server: ServerId, class: u8) -> DispatchResult {
	Providers::declare_hardware(signed(provider()), server, class)
}

#[test]
fn declare_hardware_changes_the_class_alone() {
	checked(|| {
		with_server(8);
		let (before, deposit) = (Servers::<Test>::get(SERVER).unwrap(), held(&provider()));

		assert_ok!(declare(SERVER, CLASS));

		let after = Servers::<Test>::get(SERVER).unwrap();
		assert_eq!(after, Server { hardware: CLASS, ..before });
		assert_eq!(Providers::server(SERVER).unwrap().hardware, CLASS);
		assert_eq!(held(&provider()), deposit);
		assert!(MockBook::take().is_empty());
		expect_event(Event::HardwareDeclared { server: SERVER, class: CLASS });
	});
}

#[test]
fn declare_hardware_takes_it_back() {
	checked(|| {
		with_server(8);
		assert_ok!(declare(SERVER, CLASS));
		assert_ok!(declare(SERVER, 0));
		assert_eq!(Providers::server(SERVER).unwrap().hardware, 0);
		expect_event(Event::HardwareDeclared { server: SERVER, class: 0 });
	});
}

#[test]
fn declare_hardware_fails_when_the_server_has_asks() {
	checked(|| {
		with_server(8);
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		for class in [CLASS, 0] {
			assert_noop!(declare(SERVER, class), Error::<Test>::HasAsks);
		}
		assert_ok!(Providers::withdraw_ask(signed(provider()), ASK));
		assert_ok!(declare(SERVER, CLASS));
	});
}

#[test]
fn declare_hardware_fails_when_the_class_is_unknown_or_retired() {
	checked(|| {
		with_server(8);
		for class in [2, 16, 255] {
			assert_noop!(declare(SERVER, class), Error::<Test>::UnknownHardwareClass);
		}
		assert_ok!(Providers::set_hardware_class(RuntimeOrigin::root(), CLASS, None));
		assert_noop!(declare(SERVER, CLASS), Error::<Test>::UnknownHardwareClass);
	});
}

#[test]
fn declare_hardware_fails_when_the_server_is_unknown_or_anothers() {
	checked(|| {
		with_server(8);
		assert_noop!(declare(ServerId(9), CLASS), Error::<Test>::UnknownServer);
		for who in [operator(), other_provider()] {
			assert_noop!(
				Providers::declare_hardware(signed(who), SERVER, CLASS),
				Error::<Test>::NotOwner
			);
		}
	});
}

#[test]
fn declare_hardware_fails_when_not_signed() {
	checked(|| {
		with_server(8);
		let origin = RuntimeOrigin::root();
		assert_noop!(Providers::declare_hardware(origin, SERVER, CLASS), BadOrigin);
	});
}
