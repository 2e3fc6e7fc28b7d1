//! What happens in the auction: every value is a function of the seed and the event's number alone.
//!
//! After Tucker et al., *NEXMark: A Benchmark for Queries over Data Streams* (2002), with the proportions, hot keys and disorder
//! of its later implementations. Of 50 events one is a new person, three are new auctions, 46 are bids.

use arroyo_types::EventTime;

/// Events are shuffled within groups of so many.
const GROUP: u64 = 50;
/// Multiplied with an event's number to shuffle it; it shares no factor with [`GROUP`].
const SHUFFLE: u64 = 953;
const PERSONS: u64 = 1;
const AUCTIONS: u64 = 3;

const FIRST_PERSON: u64 = 1000;
const FIRST_AUCTION: u64 = 1000;
const FIRST_CATEGORY: u64 = 10;
const CATEGORIES: u64 = 5;

/// One of so many keys is hot.
const HOT_EVERY: u64 = 100;
const HOT_AUCTION_RATIO: u64 = 2;
const HOT_SELLER_RATIO: u64 = 4;
const HOT_BIDDER_RATIO: u64 = 4;

const ACTIVE_PERSONS: u64 = 1000;
const PERSON_LEAD: u64 = 10;
const OPEN_AUCTIONS: u64 = 100;
const AUCTION_LEAD: u64 = 10;

/// What an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Person,
    Auction,
    Bid,
}

/// What a random number is for: values of one event must not depend on one another.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    FirstName = 1,
    LastName,
    EmailUser,
    EmailHost,
    CreditCard,
    City,
    State,
    Extra,
    ExtraLength,
    ItemName,
    Description,
    DescriptionLength,
    InitialBid,
    Reserve,
    Length,
    Seller,
    IsHotSeller,
    Category,
    Auction,
    IsHotAuction,
    Bidder,
    IsHotBidder,
    Price,
    Channel,
    IsHotChannel,
}

/// The events' number at position `position` of the stream.
pub(crate) fn shuffled(position: u64) -> u64 {
    let start = position - position % GROUP;
    start + ((position % GROUP) * SHUFFLE) % GROUP
}

/// What event `number` is.
pub(crate) fn kind(number: u64) -> Kind {
    match number % GROUP {
        rest if rest < PERSONS => Kind::Person,
        rest if rest < PERSONS + AUCTIONS => Kind::Auction,
        _ => Kind::Bid,
    }
}

/// An auction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Auctions {
    pub(crate) seed: u64,
    pub(crate) start: EventTime,
    pub(crate) spacing_nanos: f64,
}

impl Auctions {
    /// A random number.
    pub(crate) fn draw(&self, number: u64, purpose: Purpose, index: u64) -> u64 {
        let stream = (purpose as u64).wrapping_mul(0xd1b5_4a32_d192_ed03) ^ index.wrapping_mul(0x8cb9_2ba7_2f3d_8dd7);
        mix(mix(self.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)) ^ stream)
    }

    /// A random number below `bound` (more than 0).
    pub(crate) fn below(&self, number: u64, purpose: Purpose, bound: u64) -> u64 {
        ((u128::from(self.draw(number, purpose, 0)) * u128::from(bound)) >> 64) as u64
    }

    /// When event `number` happens.
    pub(crate) fn time(&self, number: u64) -> i64 {
        self.start.saturating_add_nanos((number as f64 * self.spacing_nanos) as i64).nanos()
    }

    /// The person of a person event.
    pub(crate) fn person(&self, number: u64) -> u64 {
        FIRST_PERSON + last_person(number)
    }

    /// The auction of an auction event.
    pub(crate) fn auction(&self, number: u64) -> u64 {
        FIRST_AUCTION + last_auction(number)
    }

    fn is_hot(&self, number: u64, purpose: Purpose, ratio: u64) -> bool {
        self.below(number, purpose, ratio) > 0
    }

    fn any_person(&self, number: u64, purpose: Purpose) -> u64 {
        let persons = last_person(number) + 1;
        let active = persons.min(ACTIVE_PERSONS);
        persons - active + self.below(number, purpose, active + PERSON_LEAD)
    }

    /// The seller of an auction event.
    pub(crate) fn seller(&self, number: u64) -> u64 {
        FIRST_PERSON
            + if self.is_hot(number, Purpose::IsHotSeller, HOT_SELLER_RATIO) {
                last_person(number) / HOT_EVERY * HOT_EVERY
            } else {
                self.any_person(number, Purpose::Seller)
            }
    }

    /// The category of an auction event.
    pub(crate) fn category(&self, number: u64) -> u64 {
        FIRST_CATEGORY + self.below(number, Purpose::Category, CATEGORIES)
    }

    /// When the auction of an auction event closes: on average after as many auctions as are open at once.
    pub(crate) fn expires(&self, number: u64) -> i64 {
        let events = OPEN_AUCTIONS * GROUP / AUCTIONS;
        let horizon = (events as f64 * self.spacing_nanos) as u64;
        let length = 1 + self.below(number, Purpose::Length, horizon.saturating_mul(2).max(1));
        self.time(number).saturating_add(i64::try_from(length).unwrap_or(i64::MAX))
    }

    /// The auction of a bid.
    pub(crate) fn bid_auction(&self, number: u64) -> u64 {
        let last = last_auction(number);
        FIRST_AUCTION
            + if self.is_hot(number, Purpose::IsHotAuction, HOT_AUCTION_RATIO) {
                last / HOT_EVERY * HOT_EVERY
            } else {
                let first = last.saturating_sub(OPEN_AUCTIONS);
                first + self.below(number, Purpose::Auction, last - first + 1 + AUCTION_LEAD)
            }
    }

    /// The bidder of a bid.
    pub(crate) fn bidder(&self, number: u64) -> u64 {
        FIRST_PERSON
            + if self.is_hot(number, Purpose::IsHotBidder, HOT_BIDDER_RATIO) {
                last_person(number) / HOT_EVERY * HOT_EVERY + 1
            } else {
                self.any_person(number, Purpose::Bidder)
            }
    }

    /// From 100 to 100 million, every magnitude as likely as the others.
    pub(crate) fn price(&self, number: u64, purpose: Purpose) -> u64 {
        let magnitude = (self.draw(number, purpose, 0) >> 11) as f64 / (1u64 << 53) as f64;
        (10f64.powf(magnitude * 6.0) * 100.0).round() as u64
    }

    /// What the seller wants at least.
    pub(crate) fn reserve(&self, number: u64) -> u64 {
        self.price(number, Purpose::InitialBid) + self.price(number, Purpose::Reserve)
    }
}

/// The finaliser of SplitMix64.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The index of the last person at event `number`: the first event of a group is its only person.
fn last_person(number: u64) -> u64 {
    number / GROUP * PERSONS
}

/// The index of the last auction at event `number`.
fn last_auction(number: u64) -> u64 {
    let before = number / GROUP * AUCTIONS;
    match (number % GROUP).checked_sub(PERSONS) {
        None => before.saturating_sub(1),
        Some(offset) => before + offset.min(AUCTIONS - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUCTION: Auctions = Auctions { seed: 0, start: EventTime::from_nanos(0), spacing_nanos: 100_000.0 };

    #[test]
    fn of_fifty_events_one_is_a_person_and_three_are_auctions() {
        let kinds: Vec<Kind> = (0..5000).map(|position| kind(shuffled(position))).collect();
        let count = |wanted: Kind| kinds.iter().filter(|kind| **kind == wanted).count();
        assert_eq!((count(Kind::Person), count(Kind::Auction), count(Kind::Bid)), (100, 300, 4600));
    }

    #[test]
    fn shuffling_keeps_every_number_within_its_group() {
        let mut numbers: Vec<u64> = (0..200).map(shuffled).collect();
        assert!(numbers.iter().zip(0..).all(|(number, position)| number / GROUP == position / GROUP));
        assert_ne!(numbers, (0..200).collect::<Vec<u64>>());
        numbers.sort_unstable();
        assert_eq!(numbers, (0..200).collect::<Vec<u64>>());
    }

    #[test]
    fn persons_and_auctions_are_numbered_without_gaps() {
        let ids = |wanted: Kind, id: fn(&Auctions, u64) -> u64| -> Vec<u64> {
            (0..1000).filter(|number| kind(*number) == wanted).map(|number| id(&AUCTION, number)).collect()
        };
        assert_eq!(ids(Kind::Person, Auctions::person), (1000..1020).collect::<Vec<u64>>());
        assert_eq!(ids(Kind::Auction, Auctions::auction), (1000..1060).collect::<Vec<u64>>());
    }

    #[test]
    fn hot_auctions_sellers_and_bidders_have_their_share() {
        let bids: Vec<u64> = (500_000..550_000).filter(|number| kind(*number) == Kind::Bid).collect();
        let share = |id: &dyn Fn(u64) -> u64, hot: &dyn Fn(u64) -> bool| {
            bids.iter().filter(|number| hot(id(**number))).count() as f64 / bids.len() as f64
        };
        let auctions = share(&|number| AUCTION.bid_auction(number), &|id| (id - 1000) % 100 == 0);
        assert!((0.50..0.53).contains(&auctions), "{auctions}");
        let bidders = share(&|number| AUCTION.bidder(number), &|id| (id - 1000) % 100 == 1);
        assert!((0.75..0.78).contains(&bidders), "{bidders}");
        assert!(bids.iter().all(|number| (100..=100_000_000).contains(&AUCTION.price(*number, Purpose::Price))));
    }
}
