//! From bytes to calls of the host.

use crate::values::Values;
use guichet_sdk::{
    clock, customers_read, customers_write, directory_read, events_emit, events_read, explain,
    files, http, intake, jobs, log, net, records, records_shared, secrets, settings, tickets_read,
    tickets_write,
};

/// What is left of a script, and what came of it so far.
pub(crate) struct Calls<'a> {
    pub(crate) values: Values<'a>,
    /// How many were made, that for the script among them.
    pub(crate) made: u64,
    tickets: Vec<tickets_read::Ticket>,
    customers: Vec<customers_read::Customer>,
    connections: Vec<net::Connection>,
}

impl<'a> Calls<'a> {
    pub(crate) fn of(script: &'a [u8]) -> Self {
        Self {
            values: Values {
                from: arbitrary::Unstructured::new(script),
                answered: Vec::new(),
            },
            made: 1,
            tickets: Vec::new(),
            customers: Vec::new(),
            connections: Vec::new(),
        }
    }

    /// Makes calls until the script says that it is enough, or ends.
    pub(crate) fn make(&mut self) {
        while !self.values.from.is_empty() {
            match self.values.one_of(21) {
                0 => return,
                1 | 2 => self.read(),
                3 | 4 => self.of_ticket(),
                5..=8 => self.write(),
                9 | 10 => self.take_in(),
                11 => self.of_customer(),
                12 => self.people(),
                13 => self.events(),
                14 | 15 => self.documents(),
                16 | 17 => self.content(),
                18 => self.later(),
                19 => self.outside(),
                _ => self.others(),
            }
        }
    }

    /// Counts a call that was made, and keeps the id that it answered.
    fn answered<E>(&mut self, answer: Result<String, E>) {
        self.made += 1;
        if let Ok(id) = answer {
            self.values.answered.push(id);
        }
    }

    fn told<T>(&mut self, _: T) {
        self.made += 1;
    }

    fn read(&mut self) {
        let v = &mut self.values;
        match v.one_of(7) {
            0 | 1 => {
                let ticket = tickets_read::get(&v.ticket());
                self.made += 1;
                self.tickets.extend(ticket);
            }
            2 => {
                let ticket = tickets_read::find(v.count());
                self.made += 1;
                self.tickets.extend(ticket);
            }
            3 => {
                let read = tickets_read::read_message(&v.id());
                self.answered(read.map(|(_, message)| message.id));
            }
            4 => {
                let page = tickets_read::query(&v.page());
                self.told(page);
            }
            5 => {
                let count = tickets_read::count(&v.text());
                self.told(count);
            }
            _ => {
                let (filter, groups, measures) = (v.text(), v.texts(), v.texts());
                let rows = tickets_read::aggregate(&filter, &groups, &measures, v.small_count());
                self.told(rows);
            }
        }
    }

    /// A getter of a ticket that is held; one of them is let go.
    fn of_ticket(&mut self) {
        let place = usize::from(self.values.byte());
        let count = self.tickets.len().max(1);
        let Some(ticket) = self.tickets.get(place % count) else {
            return;
        };
        let v = &mut self.values;
        self.made += 1;
        match v.one_of(20) {
            0 => drop(ticket.id()),
            1 => drop(ticket.number()),
            2 => drop(ticket.version()),
            3 => drop(ticket.kind()),
            4 => drop(ticket.state()),
            5 => drop(ticket.subject()),
            6 => drop(ticket.channel()),
            7 => drop(ticket.requester()),
            8 => drop(ticket.assignee()),
            9 => drop(ticket.group()),
            10 => drop(ticket.priority()),
            11 => drop(ticket.tags()),
            12 => drop(ticket.created_at()),
            13 => drop(ticket.updated_at()),
            14 => drop(ticket.field(&v.text())),
            15 => drop(ticket.links()),
            16 => drop(ticket.participants()),
            17 => {
                let after = v.maybe(Values::id);
                drop(ticket.messages(after.as_deref(), v.small_count()));
            }
            18 => drop(ticket.last_message()),
            _ => {
                self.made -= 1;
                drop(self.tickets.swap_remove(place % count));
            }
        }
    }

    fn write(&mut self) {
        let v = &mut self.values;
        if v.one_of(8) == 0 {
            let created = tickets_write::create(&v.draft());
            return self.answered(created);
        }
        let id = v.ticket();
        match v.one_of(11) {
            0 | 1 => {
                let set = tickets_write::set(&id, &v.fields());
                self.told(set);
            }
            2 => {
                let tagged = tickets_write::add_tags(&id, &v.texts());
                self.told(tagged);
            }
            3 => {
                let tagged = tickets_write::remove_tags(&id, &v.texts());
                self.told(tagged);
            }
            4 | 5 => {
                let command = v.text();
                let gone = tickets_write::transition(&id, &command, &v.fields());
                self.told(gone);
            }
            6 => {
                let said = tickets_write::add_message(&id, &v.message());
                self.answered(said);
            }
            7 => {
                let (role, who) = (v.text(), v.actor());
                let until = v.maybe(Values::count);
                let added = tickets_write::add_participant(&id, &role, &who, until);
                self.told(added);
            }
            8 => {
                let role = v.text();
                let removed = tickets_write::remove_participant(&id, &role, &v.actor());
                self.told(removed);
            }
            9 => {
                let (relation, other) = (v.text(), v.ticket());
                let linked = match v.is_set() {
                    true => tickets_write::link(&id, &relation, &other),
                    false => tickets_write::unlink(&id, &relation, &other),
                };
                self.told(linked);
            }
            _ => {
                let merged = tickets_write::merge(&id, &v.ticket());
                self.told(merged);
            }
        }
    }

    fn take_in(&mut self) {
        let v = &mut self.values;
        match v.one_of(4) {
            0 => {
                let draft = v.draft();
                let created = intake::create(&draft, &v.actor());
                self.answered(created);
            }
            1 => {
                let (id, message) = (v.ticket(), v.message());
                let said = intake::add_message(&id, &message, &v.actor());
                self.answered(said);
            }
            2 => {
                let (source, sender, subject, reason) = (v.id(), v.text(), v.text(), v.text());
                let kept = intake::quarantine(&source, &sender, &subject, &reason, &v.message());
                self.answered(kept);
            }
            _ => {
                let (id, message, state) = (v.ticket(), v.id(), v.text());
                let told = intake::set_delivery(&id, &message, &state, &v.fields());
                self.told(told);
            }
        }
    }

    fn of_customer(&mut self) {
        let place = usize::from(self.values.byte());
        let count = self.customers.len().max(1);
        let v = &mut self.values;
        let what = v.one_of(16);
        match (what, self.customers.get(place % count)) {
            (0 | 1, _) => {
                let customer = customers_read::get(&v.id());
                self.made += 1;
                self.customers.extend(customer);
            }
            (2, _) => {
                let found = customers_read::find(&v.text());
                self.made += 1;
                self.customers.extend(found.ok().flatten());
            }
            (3..=5, _) => {
                let (identities, is_proven) = (v.texts(), v.is_set());
                let ensured = customers_write::ensure(&identities, is_proven, &v.fields());
                self.answered(ensured);
            }
            (6..=8, _) => {
                let id = v.id();
                let set = customers_write::set(&id, &v.fields());
                self.told(set);
            }
            (_, None) => {}
            (9, Some(customer)) => {
                let id = customer.id();
                self.told(id);
            }
            (10, Some(customer)) => {
                let read = (customer.version(), customer.name());
                self.made += 1;
                self.told(read);
            }
            (11, Some(customer)) => {
                let groups = customer.groups();
                self.told(groups);
            }
            (12, Some(customer)) => {
                let read = (customer.locale(), customer.identities());
                self.made += 1;
                self.told(read);
            }
            (13, Some(customer)) => {
                let field = customer.field(&v.text());
                self.told(field);
            }
            _ => drop(self.customers.swap_remove(place % count)),
        }
    }

    fn people(&mut self) {
        let v = &mut self.values;
        match v.one_of(4) {
            0 => {
                let agent = directory_read::agent(&v.id());
                self.told(agent);
            }
            1 => {
                let after = v.maybe(Values::id);
                let agents = directory_read::agents(after.as_deref(), v.small_count());
                self.told(agents);
            }
            2 => {
                let after = v.maybe(Values::id);
                let groups = directory_read::groups(after.as_deref(), v.small_count());
                self.told(groups);
            }
            _ => {
                let members = directory_read::members(&v.id());
                self.told(members);
            }
        }
    }

    fn events(&mut self) {
        let v = &mut self.values;
        match v.one_of(3) {
            0 => {
                let (after, kind) = (v.count(), v.text());
                let events = events_read::since(after, &kind, v.small_count());
                self.told(events);
            }
            1 => {
                let (kind, ticket) = (v.text(), v.maybe(Values::ticket));
                let told = events_emit::emit(&kind, ticket.as_deref(), &v.json());
                self.told(told);
            }
            _ => {
                let (plugin, action, ticket) = (v.text(), v.text(), v.maybe(Values::ticket));
                let told = events_emit::direct(&plugin, &action, ticket.as_deref(), &v.json());
                self.told(told);
            }
        }
    }

    fn documents(&mut self) {
        let v = &mut self.values;
        let (collection, key) = (v.text(), v.text());
        match v.one_of(7) {
            4 => {
                let range = v.range();
                let found = records::query(&collection, &range);
                self.told(found);
            }
            5 => {
                let found = records_shared::get(&collection, &key);
                self.told(found);
            }
            6 => {
                let range = v.range();
                let found = records_shared::query(&collection, &range);
                self.told(found);
            }
            0 => {
                let found = records::get(&collection, &key);
                self.told(found);
            }
            1 => {
                let body = v.json();
                let put = records::put(&collection, &key, &body, v.maybe(Values::count));
                self.told(put);
            }
            2 => {
                let deleted = records::delete(&collection, &key);
                self.told(deleted);
            }
            _ => {
                let pointer = v.text();
                let added = records::add(&collection, &key, &pointer, v.number());
                self.told(added);
            }
        }
    }

    fn content(&mut self) {
        let v = &mut self.values;
        match v.one_of(5) {
            0 => {
                let (name, kind) = (v.text(), v.text());
                let put = files::put(&name, &kind, v.text().as_bytes());
                self.answered(put.map(|put| put.file));
            }
            1 => {
                let id = v.id();
                let appended = files::append(&id, v.text().as_bytes());
                self.told(appended);
            }
            2 => {
                let (id, offset) = (v.id(), v.count());
                let read = files::read(&id, offset, v.small_count());
                self.told(read);
            }
            3 => {
                let deleted = files::delete(&v.id());
                self.told(deleted);
            }
            _ => {
                let (id, offset, length) = (v.id(), v.count(), v.count());
                let name = v.text();
                let cut = files::cut(&id, offset, length, &name, &v.text());
                self.answered(cut.map(|cut| cut.file));
            }
        }
    }

    fn later(&mut self) {
        let v = &mut self.values;
        match v.one_of(3) {
            0 | 1 => {
                let (name, payload) = (v.text(), v.json());
                let (due_at, key) = (v.maybe(Values::count), v.maybe(Values::text));
                let enqueued = jobs::enqueue(&name, &payload, due_at, key.as_deref());
                self.answered(enqueued);
            }
            _ => {
                let cancelled = jobs::cancel(&v.text());
                self.told(cancelled);
            }
        }
    }

    fn outside(&mut self) {
        let v = &mut self.values;
        let what = v.one_of(5);
        if what == 0 || self.connections.is_empty() {
            let host = v.text();
            let port = u16::try_from(v.count() & 0xffff).unwrap_or_default();
            let connected = net::connect(&host, port, v.is_set());
            self.made += 1;
            self.connections.extend(connected);
            return;
        }
        let place = v.one_of(255) as usize % self.connections.len();
        let connection = &self.connections[place];
        match what {
            1 => drop(connection.read(v.small_count(), v.small_count())),
            2 => drop(connection.write(v.text().as_bytes())),
            3 => drop(connection.start_tls()),
            // Given back: no call that is counted.
            _ => {
                drop(self.connections.swap_remove(place));
                return;
            }
        }
        self.made += 1;
    }

    fn others(&mut self) {
        let v = &mut self.values;
        match v.one_of(8) {
            0 => {
                let request = http::Request {
                    method: v.text(),
                    url: v.text(),
                    headers: v.pairs(),
                    body: v.body(),
                    extra: v.fields(),
                };
                let fetched = http::fetch(&request);
                self.told(fetched);
            }
            1 => {
                let secret = secrets::reveal(&v.text());
                self.told(secret);
            }
            2 => self.told(settings::get()),
            3 => {
                let level = v.text();
                log::write(&level, &v.text());
                self.made += 1;
            }
            4 => {
                let rule = v.text();
                explain::because(&rule, &v.json());
                self.made += 1;
            }
            5 => self.told(clock::now()),
            6 => {
                let random = clock::random(v.small_count());
                self.told(random);
            }
            // More than any limit, at a time.
            _ => {
                let times = u64::from(v.byte()) * 16;
                for _ in 0..times {
                    self.told(clock::now());
                }
            }
        }
    }
}
