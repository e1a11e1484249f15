use super::{Badge, Button};
use crate::{
    action::Action,
    error::Fault,
    go::Go,
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Cards in columns.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Board {
    /// What it is a board of; it is read out.
    pub title: String,
    pub columns: Vec<BoardColumn>,
    /// Is called when a card was moved, with `card`, `from`, `to` (ids) and `index` (its new place in its column, from 0) put into its input. Without it,
    /// cards stay where they are.
    #[serde(default, rename = "move", skip_serializing_if = "Option::is_none")]
    pub moved: Option<Action>,
}

/// One of its columns.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BoardColumn {
    pub id: String,
    pub title: String,
    /// How many cards there should be at most. More are told, not refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    pub cards: Vec<Card>,
}

/// One card.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// One of its own on the whole board.
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub badges: Vec<Badge>,
    /// Where its title leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go: Option<Go>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
}

#[must_use]
pub fn board(title: impl Into<String>) -> Board {
    Board {
        title: title.into(),
        ..Board::default()
    }
}

impl Board {
    #[must_use]
    pub fn column(mut self, column: BoardColumn) -> Self {
        self.columns.push(column);
        self
    }

    /// What is called when a card was moved.
    #[must_use]
    pub fn on_move(mut self, action: Action) -> Self {
        self.moved = Some(action);
        self
    }
}

impl BoardColumn {
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn limit(mut self, cards: u32) -> Self {
        self.limit = Some(cards);
        self
    }

    #[must_use]
    pub fn card(mut self, card: Card) -> Self {
        self.cards.push(card);
        self
    }
}

impl Card {
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    #[must_use]
    pub fn badge(mut self, badge: Badge) -> Self {
        self.badges.push(badge);
        self
    }

    #[must_use]
    pub fn go(mut self, go: Go) -> Self {
        self.go = Some(go);
        self
    }

    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }
}

impl Check for Board {
    fn check(&self, look: &mut Look) -> Looked {
        let (mut columns, mut cards) = (BTreeSet::new(), BTreeSet::new());
        look.label("title", &self.title)?;
        look.some(
            "columns",
            &self.columns,
            limits::BOARD_COLUMNS_MAX,
            |column, look| {
                look.key("id", &column.id, &mut columns)?;
                look.label("title", &column.title)?;
                look.each("cards", &column.cards, limits::CARDS_MAX, |card, look| {
                    card.check_in(&mut cards, look)
                })
            },
        )?;
        if cards.len() > limits::CARDS_MAX {
            return look.refuse(
                "columns",
                Fault::Many {
                    count: cards.len(),
                    most: limits::CARDS_MAX,
                },
            );
        }
        self.moved.as_ref().map_or(Ok(()), |action| {
            look.at("move", |look| action.check_filled(look))
        })
    }
}

impl Card {
    fn check_in(&self, ids: &mut BTreeSet<String>, look: &mut Look) -> Looked {
        look.key("id", &self.id, ids)?;
        look.label("title", &self.title)?;
        look.text(self.text.as_ref())?;
        look.each(
            "badges",
            &self.badges,
            limits::CARD_BADGES_MAX,
            Badge::check,
        )?;
        if let Some(go) = &self.go {
            look.at("go", |look| go.check(look))?;
        }
        look.each("buttons", &self.buttons, limits::BUTTONS_MAX, Button::check)
    }
}
