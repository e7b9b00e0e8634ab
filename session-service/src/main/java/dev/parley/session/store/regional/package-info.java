/** The Library's facts, each in the region whose library its identifier names. */
package dev.parley.session.store.regional;
