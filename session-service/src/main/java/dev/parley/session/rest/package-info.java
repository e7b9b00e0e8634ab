/** The HTTP API as openapi.yaml describes it: reading requests, checking them, writing answers. */
package dev.parley.session.rest;
