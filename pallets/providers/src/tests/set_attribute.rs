use super::*;
use crate::{AttributeInfo, AttributeKind, Error, ATTRIBUTES_PER_PAGE};
use frame_support::assert_noop;
use marketplace_primitives::{Cid, Registry};
use sp_runtime::traits::BadOrigin;

fn info(kind: AttributeKind, name: &str, cid: Option<&[u8]>) -> AttributeInfo {
	AttributeInfo { kind, name: label(name), cid: cid.map(|cid| Cid::truncate_from(cid.to_vec())) }
}

fn feature(name: &str) -> AttributeInfo {
	info(AttributeKind::Feature, name, None)
}

fn set(id: u8, info: Option<AttributeInfo>) -> DispatchResult {
	Providers::set_attribute(RuntimeOrigin::root(), id, info)
}

fn names() -> Vec<(u8, Label)> {
	Providers::attributes(0).into_iter().map(|(id, info)| (id, info.name)).collect()
}

#[test]
fn set_attribute_describes_attributes_of_all_kinds() {
	checked(|| {
		assert!(!Providers::are_attributes_known(&of(&[CPU, 255])));
		for (id, info) in [
			(255, feature("TPM")),
			(64, info(AttributeKind::CpuFamily, "Zen 5", None)),
			(63, info(AttributeKind::Effector, "ipfs", Some(&[7; 64]))),
		] {
			assert_ok!(set(id, Some(info.clone())));
			assert_eq!(Providers::attributes(id).first(), Some(&(id, info.clone())));
			expect_event(Event::AttributeDescribed { attribute: id, info });
		}
		let known = of(&[CPU, EFFECTOR, 63, 64, FEATURE, 255]);
		assert_eq!(Providers::known_attributes(), known);
		assert!(Providers::are_attributes_known(&known));
		assert!(Providers::are_attributes_known(&Attributes::NONE));
		assert!(!Providers::are_attributes_known(&known.or(&of(&[2]))));
	});
}

#[test]
fn set_attribute_describes_an_attribute_anew() {
	checked(|| {
		assert_ok!(set(CPU, Some(feature("ECC"))));
		assert_eq!(Providers::attributes(CPU).first(), Some(&(CPU, feature("ECC"))));
		assert_eq!(Providers::attributes(CPU).len(), 3);
	});
}

#[test]
fn set_attribute_retires_an_attribute_that_servers_keep() {
	checked(|| {
		with_server(8);

		assert_ok!(set(CPU, None));

		assert_eq!(names(), vec![(EFFECTOR, label("curl")), (FEATURE, label("AVX-512"))]);
		assert!(!Providers::are_attributes_known(&of(&[CPU])));
		assert_eq!(Providers::server(SERVER).unwrap().attributes, of(&[CPU]));
		expect_event(Event::AttributeRetired { attribute: CPU });
	});
}

#[test]
fn set_attribute_describes_all_that_there_may_be_and_shows_them_in_pages() {
	checked(|| {
		for id in 0..=255 {
			assert_ok!(set(id, Some(feature(&format!("feature {id}")))));
		}
		let mut shown = vec![];
		for page in 0..8 {
			let first = u8::try_from(page * ATTRIBUTES_PER_PAGE).unwrap();
			shown.extend(Providers::attributes(first).into_iter().map(|(id, _)| id));
		}
		assert_eq!(shown, (0..=255).collect::<Vec<u8>>());
		assert_eq!(Providers::attributes(250).len(), 6);
	});
}

#[test]
fn set_attribute_fails_when_the_name_cannot_be_shown() {
	checked(|| {
		for name in ["", " ", "a\nb"] {
			assert_noop!(set(2, Some(feature(name))), Error::<Test>::InvalidName);
		}
	});
}

#[test]
fn set_attribute_fails_when_an_effector_has_no_cid() {
	checked(|| {
		for cid in [None, Some(&[][..])] {
			let effector = info(AttributeKind::Effector, "ipfs", cid);
			assert_noop!(set(2, Some(effector)), Error::<Test>::MissingCid);
		}
	});
}

#[test]
fn set_attribute_fails_when_another_kind_has_a_cid() {
	checked(|| {
		for kind in [AttributeKind::CpuFamily, AttributeKind::Feature] {
			for cid in [&[][..], &[1]] {
				let wrong = info(kind, "Zen 5", Some(cid));
				assert_noop!(set(2, Some(wrong)), Error::<Test>::UnexpectedCid);
			}
		}
	});
}

#[test]
fn set_attribute_fails_when_what_it_retires_is_unknown() {
	checked(|| {
		assert_noop!(set(2, None), Error::<Test>::UnknownAttribute);
	});
}

#[test]
fn set_attribute_fails_when_the_caller_is_not_the_admin() {
	checked(|| {
		let origin = signed(provider());
		assert_noop!(Providers::set_attribute(origin, 2, Some(feature("TPM"))), BadOrigin);
	});
}
