use super::*;
use crate::Error;
use frame_support::assert_noop;
use marketplace_primitives::Registry;
use sp_runtime::traits::BadOrigin;

fn set(class: u8, name: Option<&str>) -> DispatchResult {
	Providers::set_hardware_class(RuntimeOrigin::root(), class, name.map(label))
}

#[test]
fn set_hardware_class_names_a_class() {
	checked(|| {
		assert!(!Providers::is_hardware_class(15));

		assert_ok!(set(15, Some("GPU")));

		assert!(Providers::is_hardware_class(15));
		assert_eq!(Providers::hardware_classes(), vec![(CLASS, label("CPU")), (15, label("GPU"))]);
		expect_event(Event::HardwareClassNamed { class: 15, name: label("GPU") });
	});
}

#[test]
fn set_hardware_class_names_a_class_anew() {
	checked(|| {
		assert_ok!(set(CLASS, Some("Server CPU")));
		assert_eq!(Providers::hardware_classes(), vec![(CLASS, label("Server CPU"))]);
	});
}

#[test]
fn set_hardware_class_retires_a_class_that_servers_keep() {
	checked(|| {
		with_server(8);
		assert_ok!(Providers::declare_hardware(signed(provider()), SERVER, CLASS));

		assert_ok!(set(CLASS, None));

		assert!(!Providers::is_hardware_class(CLASS));
		assert!(Providers::hardware_classes().is_empty());
		assert_eq!(Providers::server(SERVER).unwrap().hardware, CLASS);
		expect_event(Event::HardwareClassRetired { class: CLASS });
	});
}

#[test]
fn set_hardware_class_fails_when_there_is_no_such_number() {
	checked(|| {
		for class in [0, 16, 255] {
			for name in [Some("GPU"), None] {
				assert_noop!(set(class, name), Error::<Test>::InvalidHardwareClass);
			}
			assert!(!Providers::is_hardware_class(class));
		}
	});
}

#[test]
fn set_hardware_class_fails_when_the_name_cannot_be_shown() {
	checked(|| {
		for name in ["", " ", "a\nb"] {
			assert_noop!(set(2, Some(name)), Error::<Test>::InvalidName);
		}
	});
}

#[test]
fn set_hardware_class_fails_when_what_it_retires_is_unknown() {
	checked(|| {
		assert_noop!(set(2, None), Error::<Test>::UnknownHardwareClass);
	});
}

#[test]
fn set_hardware_class_fails_when_the_caller_is_not_the_admin() {
	checked(|| {
		let name = Some(label("GPU"));
		assert_noop!(Providers::set_hardware_class(signed(provider()), 2, name), BadOrigin);
	});
}
