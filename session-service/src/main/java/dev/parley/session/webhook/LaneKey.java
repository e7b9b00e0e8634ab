package dev.parley.session.webhook;

import dev.parley.common.id.ConferenceId;

/** What is delivered in order: the notices of one conference to one endpoint. */
public record LaneKey(String tenant, String endpoint, ConferenceId conference) {}
