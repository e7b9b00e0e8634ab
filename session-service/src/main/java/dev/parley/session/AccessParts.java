package dev.parley.session;

import dev.parley.session.access.ApiKeys;
import dev.parley.session.access.ConferenceNames;
import dev.parley.session.access.Credentials;
import dev.parley.session.access.EventTickets;
import dev.parley.session.access.JoinTokens;
import dev.parley.session.access.RateWindows;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.access.TokenIssuers;
import dev.parley.session.audit.AuditLog;
import dev.parley.session.library.DriftScan;
import dev.parley.session.rest.AdminApi;
import dev.parley.session.rest.Admittance;
import dev.parley.session.rest.AuditTrail;
import dev.parley.session.rest.RestApi;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.MintItems;
import dev.parley.session.store.StoreMemory;

/** What tells who may do what. */
record AccessParts(
    ApiKeys keys,
    TokenIssuers issuers,
    JoinTokens tokens,
    EventTickets tickets,
    RateWindows windows,
    ServiceSecret secret,
    AuditLog auditLog,
    AuditTrail auditTrail) {

  /** Returns what the operator reaches on the admin port. */
  AdminApi adminApi(AdminApi.FleetParts fleet, DriftScan drift, Admittance admittance) {
    AdminApi.Audit audit = new AdminApi.Audit(auditLog, auditTrail);
    return new AdminApi(keys, secret, audit, fleet, drift, admittance);
  }

  /**
   * Returns what requests need of it.
   *
   * @param core the table that keeps which tokens were minted
   * @param memory of what the store last told
   */
  RestApi.Access forRequests(ConferenceNames names, ItemStore core, StoreMemory memory) {
    Credentials credentials = new Credentials(keys, tokens, names);
    return new RestApi.Access(
        credentials,
        tokens,
        new MintItems(core),
        tickets,
        windows,
        secret,
        issuers,
        auditTrail,
        memory);
  }
}
