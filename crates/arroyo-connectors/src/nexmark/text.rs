//! Texts of events.

use std::fmt::Write;

use super::event::{Auctions, Kind, Purpose};

const FIRST_NAMES: &[&str] =
    &["Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"];
const LAST_NAMES: &[&str] = &["Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"];
const CITIES: &[&str] =
    &["Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"];
const STATES: &[&str] = &["AZ", "CA", "ID", "OR", "WA", "WY"];
const HOT_CHANNELS: &[&str] = &["Google", "Facebook", "Baidu", "Apple"];
const CHANNELS: u64 = 10_000;
const ITEM_LETTERS: u64 = 20;
const DESCRIPTION_LETTERS: u64 = 100;

fn pick(auctions: &Auctions, number: u64, purpose: Purpose, of: &'static [&'static str]) -> &'static str {
    let index = auctions.below(number, purpose, of.len() as u64);
    of.get(index as usize).copied().unwrap_or_default()
}

/// Lower-case letters: twelve from each random number.
fn letters(auctions: &Auctions, number: u64, purpose: Purpose, count: u64, out: &mut String) {
    let mut random = 0;
    for index in 0..count {
        if index % 12 == 0 {
            random = auctions.draw(number, purpose, index / 12 + 1);
        }
        out.push(char::from(b'a' + (random % 26) as u8));
        random /= 26;
    }
}

pub(super) fn name(auctions: &Auctions, number: u64, out: &mut String) {
    out.push_str(pick(auctions, number, Purpose::FirstName, FIRST_NAMES));
    out.push(' ');
    out.push_str(pick(auctions, number, Purpose::LastName, LAST_NAMES));
}

pub(super) fn email(auctions: &Auctions, number: u64, out: &mut String) {
    letters(auctions, number, Purpose::EmailUser, 7, out);
    out.push('@');
    letters(auctions, number, Purpose::EmailHost, 5, out);
    out.push_str(".com");
}

pub(super) fn credit_card(auctions: &Auctions, number: u64, out: &mut String) {
    let mut digits = auctions.draw(number, Purpose::CreditCard, 0);
    for group in 0..4 {
        let separator = if group == 0 { "" } else { " " };
        let _ = write!(out, "{separator}{:04}", digits % 10_000);
        digits /= 10_000;
    }
}

pub(super) fn city(auctions: &Auctions, number: u64, out: &mut String) {
    out.push_str(pick(auctions, number, Purpose::City, CITIES));
}

pub(super) fn state(auctions: &Auctions, number: u64, out: &mut String) {
    out.push_str(pick(auctions, number, Purpose::State, STATES));
}

pub(super) fn item(auctions: &Auctions, number: u64, out: &mut String) {
    letters(auctions, number, Purpose::ItemName, ITEM_LETTERS, out);
}

pub(super) fn description(auctions: &Auctions, number: u64, out: &mut String) {
    let count = 20 + auctions.below(number, Purpose::DescriptionLength, DESCRIPTION_LETTERS - 20);
    letters(auctions, number, Purpose::Description, count, out);
}

/// Half of the bids come through one of four channels.
fn channel_index(auctions: &Auctions, number: u64) -> Result<&'static str, u64> {
    if auctions.below(number, Purpose::IsHotChannel, 2) > 0 {
        Ok(pick(auctions, number, Purpose::Channel, HOT_CHANNELS))
    } else {
        Err(auctions.below(number, Purpose::Channel, CHANNELS))
    }
}

pub(super) fn channel(auctions: &Auctions, number: u64, out: &mut String) {
    let _ = match channel_index(auctions, number) {
        Ok(name) => write!(out, "{name}"),
        Err(index) => write!(out, "channel-{index}"),
    };
}

pub(super) fn url(auctions: &Auctions, number: u64, out: &mut String) {
    let _ = match channel_index(auctions, number) {
        Ok(name) => write!(out, "https://www.nexmark.com/{}/item.htm?query=1", name.to_ascii_lowercase()),
        Err(index) => write!(out, "https://www.nexmark.com/auction/item.htm?query=1&channel_id={index}"),
    };
}

/// Fills the event up to about the size that it has in the benchmark's definition.
pub(super) fn extra(auctions: &Auctions, kind: Kind, number: u64, out: &mut String) {
    let (least, spread) = match kind {
        Kind::Person => (80, 40),
        Kind::Auction => (280, 140),
        Kind::Bid => (20, 20),
    };
    let count = least + auctions.below(number, Purpose::ExtraLength, spread);
    letters(auctions, number, Purpose::Extra, count, out);
}
