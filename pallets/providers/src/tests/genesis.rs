use super::*;
use crate::{AttributeKind, GenesisAttribute, GenesisConfig, MAX_ASSETS, MAX_ATTESTORS};
use sp_runtime::BuildStorage;

type Config = GenesisConfig<Test>;

fn build(config: Config) -> sp_io::TestExternalities {
	config.build_storage().unwrap().into()
}

fn assets(admitted_assets: Vec<PaymentAsset>) {
	build(Config { admitted_assets, ..Default::default() });
}

fn classes(classes: &[(u8, &str)]) {
	let hardware_classes = classes.iter().map(|(class, name)| (*class, (*name).into())).collect();
	build(Config { hardware_classes, ..Default::default() });
}

fn effector(id: u8, name: &str, cid: Option<Vec<u8>>) -> GenesisAttribute {
	let (kind, cid) = (AttributeKind::Effector, cid.map(Into::into));
	GenesisAttribute { id, kind, name: name.into(), cid }
}

fn attributes(attributes: Vec<GenesisAttribute>) {
	build(Config { attributes, ..Default::default() });
}

fn attestors(attestors: Vec<(AccountId32, Vec<u8>)>) {
	let attributes = vec![effector(CPU, "curl", Some(vec![1]))];
	build(Config { attributes, attestors, ..Default::default() });
}

#[test]
fn genesis_may_be_empty() {
	build(Config::default()).execute_with(|| {
		assert!(Providers::admitted_assets().is_empty() && Providers::attestors().is_empty());
		assert!(Providers::hardware_classes().is_empty() && Providers::attributes(0).is_empty());
		Providers::do_try_state().unwrap();
	});
}

#[test]
fn genesis_stores_what_it_lists() {
	let config = Config {
		admitted_assets: vec![USDC_ID],
		hardware_classes: vec![(1, "CPU".into()), (15, "GPU".into())],
		attributes: vec![
			effector(9, "curl", Some(vec![7; 64])),
			GenesisAttribute { kind: AttributeKind::Feature, ..effector(255, "TPM", None) },
		],
		attestors: vec![(attestor(), vec![9, 255]), (other_attestor(), vec![9])],
	};
	build(config).execute_with(|| {
		let classes = vec![(1, label("CPU")), (15, label("GPU"))];
		assert_eq!(Providers::hardware_classes(), classes);
		assert_eq!(Providers::known_attributes(), of(&[9, 255]));
		assert_eq!(Providers::attributes(0).len(), 2);
		let mut attestors = Providers::attestors();
		attestors.sort_by(|one, other| one.0.cmp(&other.0));
		assert_eq!(attestors, vec![(attestor(), of(&[9, 255])), (other_attestor(), of(&[9]))]);
		Providers::do_try_state().unwrap();
	});
}

#[test]
fn genesis_is_written_as_people_read_it() {
	let attribute = effector(9, "curl", Some(vec![1, 0x55]));
	let text = r#"{"id":9,"kind":"Effector","name":"curl","cid":"0x0155"}"#;
	assert_eq!(serde_json::to_string(&attribute).unwrap(), text);
	assert_eq!(serde_json::from_str::<GenesisAttribute>(text).unwrap(), attribute);
}

#[test]
fn genesis_admits_as_many_assets_as_may_be() {
	assets((0..MAX_ASSETS).map(PaymentAsset::WithId).collect());
}

#[test]
#[should_panic = "TooManyAssets"]
fn genesis_refuses_more_assets_than_may_be() {
	assets((0..=MAX_ASSETS).map(PaymentAsset::WithId).collect());
}

#[test]
#[should_panic = "AssetAlreadyAdmitted"]
fn genesis_refuses_an_asset_twice() {
	assets(vec![PaymentAsset::Native, PaymentAsset::Native]);
}

#[test]
#[should_panic = "cannot name hardware class 0 at genesis"]
fn genesis_refuses_the_hardware_class_none() {
	classes(&[(0, "none")]);
}

#[test]
#[should_panic = "hardware class 1 is there twice at genesis"]
fn genesis_refuses_a_hardware_class_twice() {
	classes(&[(1, "CPU"), (1, "GPU")]);
}

#[test]
#[should_panic = "is too long a name at genesis: more than 32 bytes"]
fn genesis_refuses_a_name_that_is_too_long() {
	classes(&[(1, "a name that is thirty-three bytes")]);
}

#[test]
#[should_panic = "cannot describe attribute 9 at genesis"]
fn genesis_refuses_an_effector_without_a_cid() {
	attributes(vec![effector(9, "curl", None)]);
}

#[test]
#[should_panic = "the CID of attribute 9 is too long at genesis"]
fn genesis_refuses_a_cid_that_is_too_long() {
	attributes(vec![effector(9, "curl", Some(vec![7; 65]))]);
}

#[test]
#[should_panic = "attribute 9 is there twice at genesis"]
fn genesis_refuses_an_attribute_twice() {
	let curl = effector(9, "curl", Some(vec![7]));
	attributes(vec![curl.clone(), curl]);
}

#[test]
#[should_panic = "UnknownAttribute"]
fn genesis_refuses_an_attestor_of_an_unknown_attribute() {
	attestors(vec![(attestor(), vec![CPU, 1])]);
}

#[test]
#[should_panic = "may attest nothing at genesis"]
fn genesis_refuses_an_attestor_of_nothing() {
	attestors(vec![(attestor(), vec![])]);
}

#[test]
#[should_panic = "is there twice at genesis"]
fn genesis_refuses_an_attestor_twice() {
	attestors(vec![(attestor(), vec![CPU]), (attestor(), vec![CPU])]);
}

#[test]
#[should_panic = "TooManyAttestors"]
fn genesis_refuses_more_attestors_than_may_be() {
	let many = (100..=100 + MAX_ATTESTORS).map(|number| account(u8::try_from(number).unwrap()));
	attestors(many.map(|who| (who, vec![CPU])).collect());
}
