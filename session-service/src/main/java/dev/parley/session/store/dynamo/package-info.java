/** An item store in Amazon DynamoDB, for any number of session nodes. */
package dev.parley.session.store.dynamo;
