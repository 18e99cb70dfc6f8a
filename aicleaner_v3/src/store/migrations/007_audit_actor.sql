-- Who gave each command. Rows that are older have none.
ALTER TABLE audit ADD COLUMN actor TEXT;
