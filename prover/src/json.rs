//! How hashes and long numbers are written: `0x…`, and decimal strings.

/// 32 bytes as `0x` and 64 hexadecimal digits.
pub mod hash {
	use marketplace_proof::Hash;
	use serde::{de::Error, Deserialize, Deserializer, Serializer};

	pub fn serialize<S: Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(&format_args!("0x{}", hex::encode(hash)))
	}

	pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
		let text = String::deserialize(deserializer)?;
		let mut hash = [0; 32];
		hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(&text), &mut hash)
			.map_err(|error| D::Error::custom(format!("not 32 bytes in hexadecimal: {error}")))?;
		Ok(hash)
	}
}

/// 64 bits as a decimal string, since JSON numbers have 53 for many readers.
pub mod number {
	use serde::{de::Error, Deserialize, Deserializer, Serializer};

	pub fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(number)
	}

	pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
		String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
	}
}
